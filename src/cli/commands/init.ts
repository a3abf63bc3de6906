import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Option } from "commander";
import * as z from "zod";
import { renderExample } from "../../config/example.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { CommandSpec } from "../command.ts";
import { defaultConfigFile } from "../common-options.ts";

export const initCommand: CommandSpec = {
  name: "init",
  summary: "Write a commented configuration to start from",
  details: "Never overwrites a file unless told to.",
  options: [
    new Option("-c, --config <file>", "where to write it").default(defaultConfigFile),
    new Option("--force", "overwrite the file if it is there"),
  ],
  examples: ["init", "init --config ./memories.yaml"],
  json: z.strictObject({ path: z.string() }),
  run: async (input, { io }) => {
    const path = resolve(io.cwd, String(input.options.config));
    await write(path, input.options.force === true);
    return {
      json: { path },
      text: `Wrote ${path}. Put in your addresses and keys, then run:\n  memory-connector check --config ${String(input.options.config)}`,
    };
  },
};

/** The file will hold keys, so only its owner may read it. */
async function write(path: string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(path, renderExample(), { mode: 0o600, flag: overwrite ? "w" : "wx" });
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    if (exists)
      throw new ConnectorError("CONFIG_EXISTS", `there is a file at ${path} already`, {
        subject: path,
        cause,
      });
    throw new ConnectorError("CONFIG_NOT_WRITTEN", `cannot write ${path}: ${(cause as Error).message}`, {
      subject: path,
      cause,
    });
  }
}
