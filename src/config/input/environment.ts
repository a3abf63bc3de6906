import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseEnvFile } from "./env-file.ts";
import { maxConfigBytes, readTextFile } from "./text-file.ts";

export type Variables = ReadonlyMap<string, string>;

/** Where the variables for a configuration in this folder may be kept. */
export const envFileOf = (folder: string): string => join(folder, ".env");

/** The variables of the folder's `.env`, if there is one, and of the process, which win unless they are empty. Throws `CONFIG_UNREADABLE` and `CONFIG_SYNTAX`. */
export function readVariables(
  folder: string,
  processVariables: Readonly<Record<string, string | undefined>>,
): Variables {
  const file = envFileOf(folder);
  // A Python environment may have this name too; it is a folder.
  const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  const fromFile = isThere ? parseEnvFile(readTextFile(file, maxConfigBytes), basename(file)) : {};
  const fromProcess = Object.entries(processVariables).filter(
    ([name, value]) => value !== undefined && (value !== "" || !Object.hasOwn(fromFile, name)),
  );
  return new Map([...Object.entries(fromFile), ...fromProcess] as [string, string][]);
}
