import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What a process has loaded, by a hook that writes the address of each file; for processes that are started with `env`. */
export class LoadedFiles {
  readonly env: { NODE_OPTIONS: string };
  readonly #list: string;

  /** `folder` takes the hook and its list. */
  constructor(folder: string) {
    this.#list = join(folder, "loaded.txt");
    const hook = join(folder, "hook.mjs");
    writeFileSync(this.#list, "");
    writeFileSync(
      hook,
      `import { appendFileSync } from "node:fs";
       import { registerHooks } from "node:module";
       registerHooks({ load: (url, context, next) => { appendFileSync(${JSON.stringify(this.#list)}, url + "\\n"); return next(url, context); } });`,
    );
    this.env = { NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${pathToFileURL(hook)}` };
  }

  /** The addresses that were loaded since this was asked the last time. */
  take(): string[] {
    const urls = readFileSync(this.#list, "utf8").split("\n").slice(0, -1);
    writeFileSync(this.#list, "");
    return urls;
  }
}
