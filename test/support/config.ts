import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ConnectorConfig } from "../../src/config/config.ts";
import type { Override } from "../../src/config/input/overrides.ts";
import { type ReadConfig, readConfig } from "../../src/config/read-config.ts";
import { ConfigInvalidError, type Finding } from "../../src/config/report/finding.ts";
import { temporaryFolder } from "./temp-folder.ts";

export interface ConfigSituation {
  environment?: Record<string, string>;
  overrides?: readonly Override[];
  /** Other files, by path relative to the configuration's folder. */
  files?: Record<string, string>;
}

/** Enough for a valid configuration; tests add what they are about. */
export const minimal = `
memory_api: { url: "http://127.0.0.1:8080" }
connectors: [{ id: one, context_id: CTX1 }]
`;

/** Writes `config.yaml` into a folder of its own and reads it. */
export function readYaml(yaml: string | Uint8Array, situation: ConfigSituation = {}): ReadConfig {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries({ "config.yaml": yaml, ...situation.files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return readConfig({
    path: "config.yaml",
    overrides: situation.overrides ?? [],
    environment: situation.environment ?? {},
    workingFolder: folder,
  });
}

/** What is wrong with a configuration that is YAML. Fails when nothing is. */
export function problemsOf(yaml: string, situation: ConfigSituation = {}): readonly Finding[] {
  try {
    readYaml(yaml, situation);
  } catch (error) {
    if (error instanceof ConfigInvalidError) return error.problems;
    throw error;
  }
  throw new Error("the configuration is valid");
}

/** The source of a connector that is known to read a Memory API. */
export function memoryApiOf({ source }: Pick<ConnectorConfig, "source">) {
  if (source.type !== "memory_api") throw new Error(`the source is ${source.type}`);
  return source;
}
