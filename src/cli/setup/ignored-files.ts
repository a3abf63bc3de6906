import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a folder in which the connector runs holds and no repository should: addresses, keys, memories. */
const ours = [".env", "memory_sync_state.*", "lightrag_storage/"];

/** What `.gitignore` of a folder in a git work tree lacks; nothing elsewhere. */
export function unignored(folder: string, configName: string): string[] {
  if (!isInWorkTree(folder)) return [];
  const path = join(folder, ".gitignore");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split(/\r?\n/u) : [];
  const ignored = new Set(lines.map((line) => line.trim().replace(/^\//u, "")));
  return [configName, ...ours].filter((name) => !ignored.has(name));
}

function isInWorkTree(folder: string): boolean {
  if (existsSync(join(folder, ".git"))) return true;
  return dirname(folder) !== folder && isInWorkTree(dirname(folder));
}
