import { createHash } from "node:crypto";
import pMap from "p-map";
import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import { excerptOf } from "../listed-item.ts";
import type { PendingMemory } from "../memory-source.ts";
import { decodeText } from "./decode-text.ts";
import type { FileIndex, KnownFile } from "./file-index.ts";
import type { FileNames } from "./file-names.ts";
import { firstOf, type Note, readNote } from "./note.ts";
import { type FileReading, readWhole } from "./read-file.ts";
import type { FolderOptions } from "./settings.ts";
import type { FoundFile } from "./walk-folder.ts";

export interface MalformedFile {
  kind: "malformed";
  path: string;
  malformed: MalformedMemory;
}

/** What a file is to a listing. */
export type ListedFile =
  | { kind: "memory"; memory: Memory }
  | MalformedFile
  | { kind: "pending"; pending: PendingMemory };

/** What is known around the files: whose memories they are, and what they may include. */
interface Surroundings {
  index: FileIndex;
  names: FileNames;
}

interface Flaw {
  code?: NonNullable<MalformedMemory["code"]>;
  problem: string;
  id?: string | null;
  text?: string;
}

const parallelReads = 16;

/** Reads files as memories, and notes in the index what they are. */
export class NoteReader {
  readonly #options: FolderOptions;

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  /** In the order of the files. */
  async read(files: readonly KnownFile[], around: Surroundings): Promise<ListedFile[]> {
    const { root, maxFileBytes } = this.#options;
    const readings = await pMap(files, (file) => readWhole(root, file, maxFileBytes), {
      concurrency: parallelReads,
    });
    return files.map((file, at) => this.#listed(file, readings[at] as FileReading, around));
  }

  #listed(file: FoundFile, reading: FileReading, { index, names }: Surroundings): ListedFile {
    const malformed = (flaw: Flaw) => malformedFile(index, file, flaw);
    switch (reading.kind) {
      case "too-large": {
        const problem = `it has ${file.size} bytes, more than ${this.#options.maxFileBytes}`;
        return malformed({ code: "MEMORY_TOO_LARGE", problem });
      }
      case "unreadable":
        return malformed({ problem: `it cannot be read: ${reading.reason}` });
      case "unsettled":
        index.doubt(file.path);
        return { kind: "pending", pending: pendingOf(index, file) };
    }
    const { text, isWhole } = decodeText(reading.bytes);
    const { timeZone } = this.#options;
    const note = readNote(text, { path: file.path, timeZone, find: (name) => names.find(name, file.path) });
    if (isWhole) return memoryOf(index, file, note, { bytes: reading.bytes, text });
    const problem = "it holds bytes that are no text";
    return malformed({ code: "MEMORY_UNDECODABLE", problem, id: note.id, text });
  }
}

/** A file that cannot be read yet, by the id of its memory as far as that is known. */
export function pendingOf(index: FileIndex, { path, mtimeMs }: FoundFile): PendingMemory {
  return { id: index.get(path)?.read?.id ?? path, at: mtimeMs };
}

function memoryOf(
  index: FileIndex,
  file: FoundFile,
  note: Note,
  { bytes, text }: { bytes: Buffer; text: string },
): ListedFile {
  const read = index.identify(file.path, {
    ownId: note.id,
    hash: createHash("sha256").update(bytes).digest("base64url"),
    time: note.time === null ? null : Date.parse(note.time.createdAt),
    media: pathsOf(note),
  });
  if (read === null || read === undefined) {
    const problem = `its id ${JSON.stringify(note.id)} is also that of ${index.fileOf(note.id ?? "")?.path}`;
    return malformedFile(index, file, { problem, id: file.path, text });
  }
  const fileTime = { createdAt: new Date(read.firstDate).toISOString(), timeSource: "file_date" } as const;
  return { kind: "memory", memory: { ...note.memory, id: read.id, ...(note.time ?? fileTime) } };
}

function malformedFile(
  index: FileIndex,
  { path, size }: FoundFile,
  { code = "MEMORY_MALFORMED", problem, id, text = "" }: Flaw,
): MalformedFile {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([path, size, problem, text]))
    .digest("hex");
  const known = id ?? index.get(path)?.read?.id ?? path;
  const excerpt = excerptOf(JSON.stringify({ file: path, text: text.slice(0, 300) }));
  const malformed = { code, id: known, problems: [problem], excerpt, fingerprint };
  return { kind: "malformed", path, malformed };
}

function pathsOf({ included }: Note): { audio?: string; image?: string } {
  const [audio, image] = [firstOf(included, "audio")?.path, firstOf(included, "image")?.path];
  return { ...(audio && { audio }), ...(image && { image }) };
}
