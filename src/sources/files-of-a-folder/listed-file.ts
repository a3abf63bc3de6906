import { createHash } from "node:crypto";
import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import type { SettingAdvice } from "../../kernel/errors/setting-advice.ts";
import { excerptOf } from "../listed-item.ts";
import type { PendingMemory } from "../memory-source.ts";
import type { FileIndex } from "./file-index.ts";
import type { KnownFile } from "./known-files.ts";
import type { FoundFile } from "./walk-folder.ts";

export interface MalformedFile {
  kind: "malformed";
  path: string;
  malformed: MalformedMemory;
}

/** What a file is to a listing. */
export type ListedFile =
  /** `doubts`: what of it could not be read, for people. */
  | { kind: "memory"; memory: Memory; doubts?: readonly string[] }
  | MalformedFile
  | { kind: "pending"; pending: PendingMemory };

/** Why a file is no memory. */
export interface Flaw {
  code?: NonNullable<MalformedMemory["code"]>;
  problem: string;
  /** The setting that helps. */
  advice?: SettingAdvice;
  /** The memory's id; left out, it is the one that is known, or the path. */
  id?: string | null;
  text?: string;
}

/** A file that cannot be read yet, by the id of its memory as far as that is known. */
export function pendingOf(index: FileIndex, { path, mtimeMs }: FoundFile): PendingMemory {
  return { id: index.get(path)?.read?.id ?? path, at: mtimeMs };
}

export function malformedFile(
  index: FileIndex,
  { path, size }: Pick<FoundFile, "path" | "size">,
  { code = "MEMORY_MALFORMED", problem, advice, id, text = "" }: Flaw,
): MalformedFile {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([path, size, problem, text]))
    .digest("hex");
  const known = id ?? index.get(path)?.read?.id ?? path;
  const excerpt = excerptOf(JSON.stringify({ file: path, text: text.slice(0, 300) }));
  index.noteShown(path, known);
  const malformed = { code, id: known, problems: [problem], ...(advice && { advice }), excerpt, fingerprint };
  return { kind: "malformed", path, malformed };
}

/** A file whose name is no Unicode. */
export function namelessFile(index: FileIndex, path: string): MalformedFile {
  const problem = "its name is no Unicode text, so that it cannot be opened: rename it";
  return malformedFile(index, { path, size: 0 }, { problem });
}

/** Where neither a memory nor the name of its file says a time. */
export function fileDate({ firstDate }: NonNullable<KnownFile["read"]>) {
  return { createdAt: new Date(firstDate).toISOString(), timeSource: "file_date" } as const;
}
