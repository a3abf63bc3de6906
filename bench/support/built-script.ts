import { join } from "node:path";
import { rolldown } from "rolldown";
import config from "../../rolldown.config.ts";

const copyWorker = "src/state/sqlite/copy-worker.ts";

/**
 * A script of the bench as the installed command is built, with all that it imports in it: run from its source it holds some 40 MB
 * more, the compiler's. `script` is a path from the root of the project; resolves to the path of the built one in `folder`.
 */
export async function buildScript(script: string, folder: string): Promise<string> {
  const bundle = await rolldown({
    input: { script, "copy-worker": copyWorker },
    platform: "node",
    external: (id) => id.startsWith("node:"),
  });
  await bundle.write({
    ...config.output,
    dir: folder,
    entryFileNames: "[name].mjs",
    chunkFileNames: "[name]-[hash].mjs",
  });
  await bundle.close();
  return join(folder, "script.mjs");
}
