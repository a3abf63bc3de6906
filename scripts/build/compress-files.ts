import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { Plugin } from "rolldown";

/** Below it a request costs more than what it saves. Bytes. */
const smallest = 1024;

const compressors = { br: promisify(brotliCompress), gz: promisify(gzip) };

/** Writes each text of a bundle compressed beside it, as a server sends it: `main.js.br`, `main.js.gz`. */
export function compressFiles(): Plugin {
  return {
    name: "compress-files",
    async writeBundle({ dir = "." }, bundle) {
      for (const file of Object.values(bundle)) {
        const content = Buffer.from(file.type === "chunk" ? file.code : file.source);
        if (content.length < smallest || !/\.(?:js|css|svg|json)$/u.test(file.fileName)) continue;
        for (const [ending, compress] of Object.entries(compressors)) {
          await writeFile(join(dir, `${file.fileName}.${ending}`), await compress(content));
        }
      }
    },
  };
}
