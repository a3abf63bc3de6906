import { copyFile, link, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import { makeFolders } from "../kernel/util/make-folders.ts";
import { giveToOwnerOfFolder } from "../kernel/util/owned-files.ts";

/** The folder of the lock files that belong to the state at `path`. */
export function locksFolder(path: string): string {
  return `${path}.locks`;
}

/** The lock of writers of the state: shared where several are allowed, exclusive where one is or while the file is replaced. */
export function stateLockPath(path: string): string {
  return join(locksFolder(path), "state.lock");
}

/** Records damage of the state at `path`: the next opening checks all of it. */
export function suspectPath(path: string): string {
  return `${path}.suspect`;
}

/** Creates the folders of the state at `path`, readable by the owner only. */
export function makeStateFolders(path: string): void {
  for (const folder of [dirname(path), locksFolder(path)]) {
    const made = makeFolders(folder, 0o700);
    if (made !== undefined) giveToOwnerOfFolder(made);
  }
}

/** Size in bytes; null when there is no such file. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    throw thrown;
  }
}

/** Those of the paths that exist, in order. */
export async function existing(paths: readonly string[]): Promise<string[]> {
  const sizes = await Promise.all(paths.map(sizeOf));
  return paths.filter((_, at) => sizes[at] !== null);
}

/** Why a state file was quarantined; part of its new name. */
export type AsideReason = "corrupt" | "replaced";

/** Links the file at `path` under another name, for inspection; the file itself stays. Returns the new name. */
export async function quarantine(path: string, now: number, reason: AsideReason): Promise<string> {
  const aside = asidePath(path, now, reason);
  // Not every file system supports hard links.
  await link(path, aside).catch(() => copyFile(path, aside));
  return aside;
}

/** The quarantined files of the state at `path`, by name. */
export async function setAside(path: string): Promise<string[]> {
  const names = await readdir(dirname(path));
  const reasons = (["corrupt", "replaced"] satisfies AsideReason[]).map(
    (reason) => `${basename(path)}.${reason}-`,
  );
  const found = names.filter((name) => reasons.some((beginning) => name.startsWith(beginning)));
  return found.toSorted().map((name) => join(dirname(path), name));
}

/** `<path>.corrupt-20250101T000000000Z` */
export function asidePath(path: string, now: number, reason: AsideReason): string {
  return `${path}.${reason}-${new Date(now).toISOString().replaceAll(/[-:.]/g, "")}`;
}

/** Notices for people after a state was recovered. */

export function restoredNotice(copy: string, aside: string, damage: ConnectorError): string {
  return (
    `${damage.message}; went back to the copy ${copy}. The damaged file is kept as ${aside}. ` +
    "What was delivered since that copy is found in LightRAG and adopted, not sent again."
  );
}

export function newStateNotice(path: string, copy: string): string {
  return `there was no state at ${path}, so an empty one was made; a copy of an earlier state lies at ${copy}.`;
}
