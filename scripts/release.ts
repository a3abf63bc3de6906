/** `npm run release`: makes what waits in `.changeset/` the next version. Nothing is committed, tagged or published. */
import { fileURLToPath } from "node:url";
import { release } from "./release/release.ts";

try {
  const version = release(fileURLToPath(new URL("..", import.meta.url)));
  console.log(`${version}: look at the difference, run .ci/run, commit it and tag it v${version}`);
} catch (thrown) {
  console.error((thrown as Error).message);
  process.exitCode = 1;
}
