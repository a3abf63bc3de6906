import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../src/config/read-config.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { fuzz } from "./support/fuzz.ts";
import { mutateSample } from "./support/mutate.ts";
import { configs } from "./support/samples.ts";

fuzz("every configuration file is read or refused with all its problems", 0.08, () => {
  const folder = temporaryFolder();
  return (random) => {
    writeFileSync(join(folder, "config.yaml"), mutateSample(random, configs));
    readConfig({ path: "config.yaml", environment: { KEY: "value" }, workingFolder: folder });
    return 1;
  };
});
