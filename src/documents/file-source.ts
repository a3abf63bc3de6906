import { createHash } from "node:crypto";

/** The longest name, in UTF-8 bytes, that every common file system and LightRAG's listings accept. */
export const maxFileSourceBytes = 240;

const extension = ".md";
const separator = "@";
const groupMark = "~";
/** Letters, digits and marks of any script are kept; everything else is escaped, so that a name has no `/ \ : [ ] % @`. */
const plain = /^[\p{L}\p{N}\p{M}._-]$/u;
/** LightRAG takes a name with this prefix for its own mark of a truncated list, and drops it when it merges (contract §10.2). */
const truncationPrefix = /^\.(?=\.\.truncated)/u;

/**
 * The name under which LightRAG keeps a memory's document: `<memory id>@<context id>.md`. LightRAG 1.5 derives the document's
 * identity from the last path segment of this name (contract §3.2), so it is flat, and unique for every pair of ids. Reversible by
 * `parseFileSource`, unless the ids are so long that the name has to end in their digest (`…~<digest>.md`); then only the ledger
 * maps it back.
 */
export function fileSourceOf(contextId: string, memoryId: string): string {
  const name = `${escapeHead(memoryId)}${separator}${escapePart(contextId)}${extension}`;
  return Buffer.byteLength(name) <= maxFileSourceBytes ? name : digestName(memoryId, [contextId, memoryId]);
}

/**
 * The name of a document that holds the notes of one group: `<group key>@<context id>.md`. A group key contains a `~`, which the
 * names of single memories escape, so that no group can have the name of a memory. As flat, bounded and reversible as
 * `fileSourceOf`.
 */
export function groupFileSourceOf(contextId: string, groupKey: string): string {
  const [day = "", ...rest] = groupKey.split(groupMark);
  const key = [escapeHead(day), ...rest.map(escapePart)].join(groupMark);
  const name = `${key}${separator}${escapePart(contextId)}${extension}`;
  return Buffer.byteLength(name) <= maxFileSourceBytes
    ? name
    : digestName(groupKey, ["group", contextId, groupKey]);
}

/** The ids in a name made by `fileSourceOf`; null for a shortened or foreign name. */
export function parseFileSource(name: string): { contextId: string; memoryId: string } | null {
  const [memoryId, contextId] = splitName(name);
  if (memoryId == null || contextId == null) return null;
  return fileSourceOf(contextId, memoryId) === name ? { contextId, memoryId } : null;
}

/** Whether a name may be one that `fileSourceOf` shortened with a digest. */
export function isShortened(name: string): boolean {
  return /~[0-9a-f]{64}\.md$/u.test(name);
}

/** Context id and key in a name made by `groupFileSourceOf`; null for a shortened or foreign name. */
export function parseGroupFileSource(name: string): { contextId: string; groupKey: string } | null {
  const [groupKey, contextId] = splitName(name);
  if (groupKey == null || contextId == null || !groupKey.includes(groupMark)) return null;
  return groupFileSourceOf(contextId, groupKey) === name ? { contextId, groupKey } : null;
}

/** The ids of the row that a document belongs to, be it a memory's or a group's; null for a shortened or foreign name. */
export function rowOfFileSource(name: string): { contextId: string; memoryId: string } | null {
  const group = parseGroupFileSource(name);
  return group === null ? parseFileSource(name) : { contextId: group.contextId, memoryId: group.groupKey };
}

/** The parts before and after the separator, unescaped; nothing unless there are exactly two. */
function splitName(name: string): (string | null)[] {
  const parts = name.endsWith(extension) ? name.slice(0, -extension.length).split(separator) : [];
  return parts.length === 2 ? parts.map(unescapePart) : [];
}

function digestName(subject: string, identity: readonly string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  let head = "";
  for (const character of subject) {
    const next = head + escapeCharacter(character);
    if (Buffer.byteLength(next) > maxFileSourceBytes / 2) break;
    head = next;
  }
  return `${head.replace(truncationPrefix, "%2E")}~${digest}${extension}`;
}

/** The first part of a name. */
function escapeHead(part: string): string {
  return escapePart(part).replace(truncationPrefix, "%2E");
}

function escapePart(part: string): string {
  return Array.from(part, escapeCharacter).join("");
}

function escapeCharacter(character: string): string {
  if (plain.test(character)) return character;
  // A lone surrogate has no UTF-8 form; encodeURIComponent would throw on it.
  if (!character.isWellFormed()) return `%u${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return Array.from(
    Buffer.from(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

function unescapePart(part: string): string | null {
  try {
    return part
      .split(/(%u[0-9A-F]{4})/u)
      .map((piece) =>
        piece.startsWith("%u")
          ? String.fromCharCode(Number.parseInt(piece.slice(2), 16))
          : decodeURIComponent(piece),
      )
      .join("");
  } catch {
    return null;
  }
}
