import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Creates a folder and its missing parents. Returns the first one created, undefined when the folder existed. Throws the system
 * error of the first that cannot be created.
 *
 * Not by Node's `recursive`, which loops forever where creating a child of an existing folder fails with ENOENT, as under `/proc`:
 * this tries each folder at most twice.
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

/** Undefined when it exists. */
function makeFolder(path: string, mode: number): string | undefined {
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (thrown) {
    // Some systems report an existing folder with another code than EEXIST.
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
