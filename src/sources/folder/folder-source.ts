import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import picomatch from "picomatch";
import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { excerptOf } from "../listed-item.ts";
import type {
  DownloadedMedia,
  ListRequest,
  ListScope,
  MediaRequest,
  MemoryPage,
  MemorySource,
  PendingMemory,
  SourceInfo,
} from "../memory-source.ts";
import { mediaName, saveMedia, tooLarge } from "../save-media.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import { decodeText } from "./decode-text.ts";
import { FileIndex, type KnownFile } from "./file-index.ts";
import { attachmentKind, contentTypeOf, extensionOf } from "./file-kinds.ts";
import { FileNames } from "./file-names.ts";
import { firstOf, type Note, readNote } from "./note.ts";
import { type FileReading, readWhole } from "./read-file.ts";
import type { FolderOptions } from "./settings.ts";
import { type FoundFile, reasonOf, type Walk, walkFolder } from "./walk-folder.ts";

/** Files per page of a listing. */
const pageSize = 200;
const parallelReads = 16;

/** What a walk has found, divided. */
interface Found {
  names: FileNames;
  unsettled: FoundFile[];
  /** Why the walk may lack something; null when it does not. */
  truncated: { reason: string } | null;
  /** Where the next listing of changes begins. */
  mark: string;
}

/**
 * A folder of notes in Markdown or plain text: an Obsidian vault, a graph of Logseq, or just files. A folder has no contexts: whatever the
 * connector calls its context, it holds the whole folder.
 */
export class FolderSource implements MemorySource {
  readonly capabilities: SourceCapabilities = {
    consistency: "keyset",
    // Some programs set back both times of a file that they write; a list of everything reads every file.
    since: { by: "updated", isReliable: false },
    deletes: "feed",
    complete: "yes",
    identity: "refusal",
    media: ["audio", "image"],
  };
  readonly #options: FolderOptions;
  readonly #isExcluded: (path: string) => boolean;
  readonly #index = new FileIndex();
  #lastLook: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: FolderOptions) {
    this.#options = options;
    this.#isExcluded = options.exclude.length === 0 ? () => false : picomatch([...options.exclude]);
  }

  async *list({ scope }: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const found = await this.#look(signal);
    const isWanted = wantedBy(scope, this.#index);
    const { files } = this.#index.select(isWanted);
    const malformed: MalformedMemory[] = [];
    const pending: PendingMemory[] = found.unsettled.map(({ path, mtimeMs }) =>
      this.#pendingOf(path, mtimeMs),
    );
    for (let start = 0; start < files.length; start += pageSize) {
      signal.throwIfAborted();
      const items = await this.#readFiles(files.slice(start, start + pageSize), found.names);
      malformed.push(...items.flatMap((item) => (item.kind === "malformed" ? item.malformed : [])));
      pending.push(...items.flatMap((item) => (item.kind === "pending" ? item.pending : [])));
      const memories = items.flatMap((item) => (item.kind === "memory" ? item.memory : []));
      yield { memories, malformed: [], truncated: null };
    }
    // One of the files that wait may be one that has vanished, under a new name.
    if (pending.every(({ id }) => this.#index.fileOf(id) !== undefined))
      this.#index.settleVanished(found.mark);
    else pending.push(...this.#index.vanishedIds(found.mark).map((id) => ({ id, at: null })));
    yield {
      memories: [],
      malformed: malformed.filter(({ id }) => id === null || this.#index.fileOf(id) === undefined),
      pending,
      deleted: this.#index.select(isWanted).removed,
      truncated: found.truncated,
      mark: found.mark,
    };
  }

  async check(): Promise<SourceInfo> {
    await this.#checkRoot();
    const { capabilities } = this;
    return { server: this.#options.root, version: null, account: null, capabilities };
  }

  async download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia> {
    const file = await this.#mediumOf(request, signal);
    if (file === undefined)
      throw new ConnectorError("MEDIA_NOT_FOUND", `there is no ${mediaName(request)}`, {
        subject: request.memoryId,
      });
    if (file.size > request.maxBytes) throw tooLarge(request);
    const bytes = await saveMedia(
      createReadStream(join(this.#options.root, file.spelling), { signal }),
      request,
      path,
    );
    return { contentType: contentTypeOf(file.path), bytes };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  /** Walks through the folder and notes what has changed. One at a time: what one walk has not seen yet is not gone for another. */
  #look(signal: AbortSignal): Promise<Found> {
    const look = this.#lastLook.then(
      () => this.#walk(signal),
      () => this.#walk(signal),
    );
    this.#lastLook = look;
    return look;
  }

  async #walk(signal: AbortSignal): Promise<Found> {
    await this.#checkRoot();
    let walk = await this.#walkOnce(signal);
    // A file that was moved in the middle of a walk may have escaped it; what is missing twice in a row is not there.
    if (this.#index.lacks(walk.notes)) walk = await this.#walkOnce(signal);
    const { notes, unreadable } = walk;
    const now = Date.now();
    const isSettled = (file: FoundFile) => !isFresh(file, this.#options.settleMs, now);
    const isEmptied = notes.size === 0 && this.#index.size > 0;
    const isUnknown = (path: string) =>
      isEmptied || unreadable.some((each) => path === each.path || path.startsWith(`${each.path}/`));
    this.#index.update(notes, { isSettled, isUnknown, now });
    return {
      names: walk.names,
      unsettled: notes
        .values()
        .filter((file) => !isSettled(file))
        .toArray(),
      truncated: truncationOf(walk),
      mark: this.#index.mark,
    };
  }

  async #walkOnce(signal: AbortSignal) {
    const { extensions, root } = this.#options;
    const isNote = (name: string) => extensions.includes(extensionOf(name));
    const isWanted = (name: string) => isNote(name) || attachmentKind(name) !== null;
    const { files, unreadable } = await walkFolder(root, { isExcluded: this.#isExcluded, isWanted }, signal);
    const found = [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
    const [notes, others] = [true, false].map(
      (wanted) =>
        new Map(found.filter(({ path }) => isNote(path) === wanted).map((file) => [file.path, file])),
    ) as [Map<string, FoundFile>, Map<string, FoundFile>];
    return { notes, unreadable, names: new FileNames(others) };
  }

  async #checkRoot(): Promise<void> {
    const { root } = this.#options;
    if (this.#isClosed) throw new ConnectorError("SOURCE_UNREACHABLE", "the source is closed");
    const found = await stat(root).catch((error: unknown) => {
      throw rootError(root, reasonOf(error), error);
    });
    if (!found.isDirectory()) throw rootError(root, "it is a file");
  }

  async #readFiles(files: readonly KnownFile[], names: FileNames): Promise<Item[]> {
    const { root, maxFileBytes } = this.#options;
    const readings = await pMap(files, (file) => readWhole(root, file, maxFileBytes), {
      concurrency: parallelReads,
    });
    return files.map((file, at) => this.#itemOf(file, readings[at] as FileReading, names));
  }

  #itemOf(file: FoundFile, reading: FileReading, names: FileNames): Item {
    if (reading.kind === "too-large") {
      const problem = `it has ${file.size} bytes, more than ${this.#options.maxFileBytes}`;
      return this.#malformed(file, { code: "MEMORY_TOO_LARGE", problem });
    }
    if (reading.kind === "unreadable")
      return this.#malformed(file, { problem: `it cannot be read: ${reading.reason}` });
    if (reading.kind === "unsettled") {
      this.#index.doubt(file.path);
      return { kind: "pending", pending: this.#pendingOf(file.path, file.mtimeMs) };
    }
    const { text, isWhole } = decodeText(reading.bytes);
    const { timeZone } = this.#options;
    const note = readNote(text, { path: file.path, timeZone, find: (name) => names.find(name, file.path) });
    if (!isWhole) {
      const problem = "it holds bytes that are no UTF-8";
      return this.#malformed(file, { code: "MEMORY_UNDECODABLE", problem, id: note.id, text });
    }
    return this.#memoryOf(file, note, reading.bytes, text);
  }

  #memoryOf(file: FoundFile, note: Note, bytes: Buffer, text: string): Item {
    const read = this.#index.identify(file.path, {
      ownId: note.id,
      hash: createHash("sha256").update(bytes).digest("base64url"),
      time: note.time === null ? null : Date.parse(note.time.createdAt),
      media: pathsOf(note),
    });
    if (read === null || read === undefined) {
      const problem = `its id ${JSON.stringify(note.id)} is also that of ${this.#index.fileOf(note.id ?? "")?.path}`;
      return this.#malformed(file, { problem, id: file.path, text });
    }
    const time =
      note.time ?? ({ createdAt: new Date(read.firstDate).toISOString(), timeSource: "file_date" } as const);
    const memory: Memory = { ...note.memory, id: read.id, ...time };
    return { kind: "memory", memory };
  }

  #malformed({ path, size }: FoundFile, { code = "MEMORY_MALFORMED", problem, id, text = "" }: Flaw): Item {
    const fingerprint = createHash("sha256")
      .update(JSON.stringify([path, size, problem, text]))
      .digest("hex");
    const known = id ?? this.#index.get(path)?.read?.id ?? path;
    const excerpt = excerptOf(JSON.stringify({ file: path, text: text.slice(0, 300) }));
    return { kind: "malformed", malformed: { code, id: known, problems: [problem], excerpt, fingerprint } };
  }

  #pendingOf(path: string, at: number): PendingMemory {
    return { id: this.#index.get(path)?.read?.id ?? path, at };
  }

  async #mediumOf({ memoryId, kind }: MediaRequest, signal: AbortSignal): Promise<FoundFile | undefined> {
    const { names } = await this.#look(signal);
    if (this.#index.fileOf(memoryId) === undefined) {
      const unread = this.#index.select(() => true).files.filter(({ read }) => read === undefined);
      for (let start = 0; start < unread.length; start += pageSize)
        await this.#readFiles(unread.slice(start, start + pageSize), names);
    }
    const path = this.#index.fileOf(memoryId)?.read?.media[kind];
    return path === undefined ? undefined : names.get(path);
  }
}

type Item =
  | { kind: "memory"; memory: Memory }
  | { kind: "malformed"; malformed: MalformedMemory }
  | { kind: "pending"; pending: PendingMemory };

interface Flaw {
  code?: NonNullable<MalformedMemory["code"]>;
  problem: string;
  id?: string | null;
  text?: string;
}

/** A file of the future is one of a clock that is wrong, and no younger for it tomorrow. */
function isFresh({ mtimeMs }: FoundFile, settleMs: number, now: number): boolean {
  return mtimeMs <= now && now - mtimeMs < settleMs;
}

/** A drive that is not mounted looks like an empty folder. */
function truncationOf({
  notes,
  unreadable,
}: { notes: ReadonlyMap<string, FoundFile> } & Pick<Walk, "unreadable">) {
  const [first] = unreadable;
  if (first !== undefined) {
    const others = unreadable.length - 1;
    const more = others === 0 ? "" : `, nor ${plural(others, "other")}`;
    return { reason: `${first.path} could not be looked at (${first.reason})${more}` };
  }
  return notes.size > 0 ? null : { reason: "the folder holds no notes: is its drive there?" };
}

function wantedBy(
  scope: ListScope,
  index: FileIndex,
): (file: { change: number; noticedAt: number } & Partial<KnownFile>) => boolean {
  if (scope.kind === "events")
    return ({ noticedAt, read }) =>
      noticedAt >= scope.since || (read !== undefined && read.at >= scope.since);
  const since = scope.kind === "changes" ? (index.changeOf(scope.since) ?? 0) : 0;
  return ({ change }) => change > since;
}

function pathsOf(note: Note): { audio?: string; image?: string } {
  const [audio, image] = [firstOf(note.included, "audio")?.path, firstOf(note.included, "image")?.path];
  return { ...(audio && { audio }), ...(image && { image }) };
}

function rootError(root: string, reason: string, cause?: unknown): ConnectorError {
  const isClosed = reason === "EACCES" || reason === "EPERM";
  const why =
    reason === "ENOENT" ? "it is not there" : isClosed ? "the user of this program may not read it" : reason;
  const hint = isClosed
    ? "give the user of this program the right to read the folder"
    : "check the connector's source.path; if the folder is on a drive of its own, look whether that is there";
  return new ConnectorError(
    isClosed ? "SOURCE_FORBIDDEN" : "SOURCE_UNREACHABLE",
    `the folder ${root} cannot be read: ${why}`,
    {
      subject: root,
      hint,
      cause,
    },
  );
}
