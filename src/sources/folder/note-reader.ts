import { createHash } from "node:crypto";
import pMap from "p-map";
import { decodeText, noText } from "../files-of-a-folder/decode-text.ts";
import type { FileIndex } from "../files-of-a-folder/file-index.ts";
import { attachmentKind, extensionOf } from "../files-of-a-folder/file-kinds.ts";
import type { Arrangement, FileReader } from "../files-of-a-folder/file-reader.ts";
import {
  type Flaw,
  fileDate,
  type ListedFile,
  malformedFile,
  pendingOf,
} from "../files-of-a-folder/listed-file.ts";
import { type FileReading, readWhole } from "../files-of-a-folder/read-file.ts";
import type { FoundFile } from "../files-of-a-folder/walk-folder.ts";
import { tooLarge } from "../listed-item.ts";
import { FileNames } from "./file-names.ts";
import { firstOf, type Note, readNote } from "./note.ts";
import type { NoteOptions } from "./settings.ts";

const parallelReads = 16;

/** What is known around a note. */
interface Surroundings {
  index: FileIndex;
  /** What it may include. */
  names: FileNames;
}

/** Notes in Markdown or plain text: an Obsidian vault, a graph of Logseq, or just files. */
export class NoteReader implements FileReader {
  readonly itemNames = ["note", "notes"] as const;
  readonly selection: string;
  readonly media = ["audio", "image"] as const;
  readonly #options: NoteOptions;

  constructor(options: NoteOptions) {
    this.#options = options;
    this.selection = ["notes", ...options.extensions.toSorted()].join(" ");
  }

  readonly isWanted = (name: string): boolean => this.#isNote(name) || attachmentKind(name) !== null;

  arrange(files: readonly FoundFile[]): Arrangement {
    const items = files.filter(({ path }) => this.#isNote(path));
    const others = files.filter(({ path }) => !this.#isNote(path));
    const names = new FileNames(new Map(others.map((file) => [file.path, file])));
    return {
      items,
      contents: {
        mediumAt: (path) => names.get(path),
        read: (notes, index) => this.#read(notes, { index, names }),
      },
    };
  }

  #isNote(name: string): boolean {
    return this.#options.extensions.includes(extensionOf(name));
  }

  async #read(files: readonly FoundFile[], around: Surroundings): Promise<ListedFile[]> {
    const { root, maxFileBytes } = this.#options;
    const readings = await pMap(files, (file) => readWhole(root, file, maxFileBytes), {
      concurrency: parallelReads,
    });
    return files.map((file, at) => this.#listed(file, readings[at] as FileReading, around));
  }

  #listed(file: FoundFile, reading: FileReading, { index, names }: Surroundings): ListedFile {
    const malformed = (flaw: Flaw) => malformedFile(index, file, flaw);
    switch (reading.kind) {
      case "too-large":
        return malformed(tooLarge(file.size, this.#options.maxFileBytes));
      case "unreadable":
        return malformed({ problem: `it cannot be read: ${reading.reason}` });
      case "unsettled":
        index.doubt(file.path);
        return { kind: "pending", pending: pendingOf(index, file) };
    }
    const { timeZone, encoding } = this.#options;
    const { text, isWhole } = decodeText(reading.bytes, encoding);
    const note = readNote(text, { path: file.path, timeZone, find: (name) => names.find(name, file.path) });
    if (isWhole) return memoryOf(index, file, note, { bytes: reading.bytes, text });
    return malformed({ ...noText, id: note.id, text });
  }
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
    const first = index.fileOf(note.id ?? "")?.path;
    const problem = `the id ${JSON.stringify(note.id)} of ${file.path} is that of ${first} already`;
    return malformedFile(index, file, { code: "MEMORY_ID_TAKEN", problem, id: file.path, text });
  }
  const time = note.time ?? fileDate(read);
  return { kind: "memory", memory: { ...note.memory, id: read.id, ...time }, doubts: doubtsOf(file, note) };
}

function doubtsOf({ path }: FoundFile, { doubts, time }: Note): string[] {
  const taken = time?.timeSource === "file_name" ? "the one of its name" : "the file's own";
  return doubts.map(
    (doubt) => `${path}: ${doubt}${time?.timeSource === "entry" ? "" : `; its time is ${taken}`}`,
  );
}

function pathsOf({ included }: Note): { audio?: string; image?: string } {
  const [audio, image] = [firstOf(included, "audio")?.path, firstOf(included, "image")?.path];
  return { ...(audio && { audio }), ...(image && { image }) };
}
