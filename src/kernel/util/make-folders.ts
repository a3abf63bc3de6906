import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing; the first one that was made, undefined when it was there. Throws what the system
 * says of the first that cannot be made.
 *
 * Not by Node's `recursive`, which never ends where a folder is there and one in it cannot be made because "there is no such file", as
 * under `/proc`: this asks for each folder twice at most.
 */
export function makeFolders(path: string, mode = 0o777): string | undefined {
  try {
    return makeFolder(path, mode);
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT" || dirname(path) === path) throw thrown;
  }
  const first = makeFolders(dirname(path), mode);
  const made = makeFolder(path, mode);
  return first ?? made;
}

/** Undefined when it is there. */
function makeFolder(path: string, mode: number): string | undefined {
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (thrown) {
    // Some systems answer for a folder that is there with another code than EEXIST.
    if (codeOf(thrown) === "ENOENT" || !isFolder(path)) throw thrown;
    return undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function codeOf(thrown: unknown): string | undefined {
  return (thrown as NodeJS.ErrnoException).code;
}
