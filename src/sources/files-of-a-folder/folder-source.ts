import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ConnectorError, isAbort } from "../../kernel/errors/connector-error.ts";
import type { MediumMark } from "../../kernel/http/medium-mark.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { ValueCache } from "../../kernel/util/value-cache.ts";
import { timesText } from "../first-times.ts";
import type {
  DownloadedMedia,
  ListRequest,
  ListScope,
  MediaMarks,
  MediaRequest,
  MemoryDoubt,
  MemoryPage,
  MemorySource,
  SourceInfo,
} from "../memory-source.ts";
import { mediaName, noMedium, saveMedia, tooLarge } from "../save-media.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import { FileIndex } from "./file-index.ts";
import { contentTypeOf } from "./file-kinds.ts";
import type { Arrangement, Contents, FileReader } from "./file-reader.ts";
import { IndexStore, type KeptIndex } from "./index-store.ts";
import type { KnownFile } from "./known-files.ts";
import { type ListedFile, type MalformedFile, namelessFile, pendingOf } from "./listed-file.ts";
import type { FolderOptions } from "./settings.ts";
import { excluding, type FoundFile, reasonOf, type Walk, walkFolder } from "./walk-folder.ts";

/**
 * What tells one index from another: the folder, and which of its files are read. Two connectors that read other files of one folder must not call each
 * other's files gone; how and when they are read changes no id, so ids of files that were renamed outlive a change of that.
 */
function indexNameOf({ root, exclude }: FolderOptions, { selection }: FileReader): string {
  return createHash("sha256")
    .update(JSON.stringify([root, exclude.toSorted(), selection]))
    .digest("hex");
}

/** Files per page of a listing. */
const pageSize = 200;

/** A check reads files for so long, so many at a time. Milliseconds. */
const lookMs = 2_000;
const lookSize = 20;

/** What a walk has found, and the index that knows it. */
interface Found extends KeptIndex {
  contents: Contents;
  unsettled: FoundFile[];
  nameless: readonly string[];
  /** Why the walk may lack something; null when it does not. */
  truncated: { reason: string } | null;
  /** The index's last change then. */
  change: number;
}

/**
 * A folder whose files are memories, as its reader understands them. A folder has no contexts: whatever the connector calls its context, it
 * holds the whole folder.
 */
export class FolderSource implements MemorySource {
  readonly capabilities: SourceCapabilities;
  readonly #options: FolderOptions;
  readonly #isExcluded: (path: string) => boolean;
  readonly #store: IndexStore;
  readonly #reader: FileReader;
  #kept: KeptIndex = nothingKept();
  #lastWork: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** `values` keeps between processes what is known of the files. */
  constructor(options: FolderOptions, reader: FileReader, values: ValueCache) {
    this.#options = options;
    this.#reader = reader;
    this.capabilities = {
      consistency: "keyset",
      // Some programs set back both times of a file that they write; a list of everything reads every file.
      since: { by: "updated", isReliable: false },
      deletes: "feed",
      complete: "yes",
      identity: "refusal",
      media: reader.media,
    };
    this.#store = new IndexStore(values, indexNameOf(options, reader));
    this.#isExcluded = excluding(options.exclude);
  }

  async *list({ scope }: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const found = await this.#alone(() => this.#look(signal));
    const { index, contents } = found;
    const isWanted = wantedBy(scope, found);
    const { paths } = index.select(isWanted);
    const malformed: MalformedFile[] = found.nameless.map((path) => namelessFile(index, path));
    const pending = found.unsettled.map((file) => pendingOf(index, file));
    for (let start = 0; start < paths.length; start += pageSize) {
      signal.throwIfAborted();
      const files = paths.slice(start, start + pageSize).flatMap((path) => index.get(path) ?? []);
      const items = await contents.read(files, index);
      malformed.push(...items.flatMap((item) => (item.kind === "malformed" ? item : [])));
      pending.push(...items.flatMap((item) => (item.kind === "pending" ? item.pending : [])));
      const memories = items.flatMap((item) => (item.kind === "memory" ? item.memory : []));
      yield { memories, malformed: [], doubts: items.flatMap(doubtsOf), truncated: null };
    }
    // One of the files that wait may be one that has vanished, under a new name.
    if (pending.every(({ id }) => index.fileOf(id) !== undefined)) index.settleVanished(found.change);
    else pending.push(...index.vanishedIds(found.change).map((id) => ({ id, at: null })));
    const mark = await this.#alone(() => this.#keep(found));
    yield {
      memories: [],
      malformed: malformed.flatMap((file) => (isShownElsewhere(file, index) ? [] : file.malformed)),
      // One that is still being written is found so by the walk and by the reader.
      pending: [...new Map(pending.map((each) => [each.id, each])).values()],
      deleted: index.select(isWanted).removed,
      truncated: found.truncated,
      ...(mark !== null && { mark }),
    };
  }

  async check(_contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    await this.#checkRoot();
    const { capabilities } = this;
    const times = await this.#times(signal);
    const info = { server: this.#options.root, version: null, account: null, capabilities };
    return times === null ? info : { ...info, times };
  }

  /** What the items say of their times, the first ones in a large folder; null where a moment is too short for a walk. */
  async #times(signal: AbortSignal): Promise<string | null> {
    const until = Date.now() + lookMs;
    const within = AbortSignal.any([signal, AbortSignal.timeout(lookMs)]);
    const walk = await this.#walk(within).catch((error: unknown) => {
      if (within.aborted && !signal.aborted) return null;
      throw error;
    });
    return walk === null ? null : this.#timesIn(walk.arrangement, until);
  }

  async #timesIn({ items, contents }: Arrangement, until: number): Promise<string> {
    // One of its own: a check leaves what is remembered as it is.
    const index = new FileIndex();
    index.update(items, { isSettled: () => true, isUnknown: () => false, now: until });
    const times: { at: string }[] = [];
    let looked = 0;
    while (looked < items.length && (looked === 0 || Date.now() < until)) {
      const files = items.slice(looked, looked + lookSize).flatMap(({ path }) => index.get(path) ?? []);
      times.push(...(await contents.read(files, index)).flatMap(saidTime));
      looked += files.length;
    }
    const { timeZone } = this.#options;
    return timesText({
      looked,
      times,
      timeZone,
      isAll: looked === items.length,
      names: this.#reader.itemNames,
    });
  }

  async download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia> {
    const file = await this.#mediumOf(request, signal);
    if (file === undefined) throw noMedium(request);
    if (file.size > request.maxBytes) throw tooLarge(request);
    const bytes = await saveMedia(
      readMedium(join(this.#options.root, file.spelling), request, signal),
      request,
      path,
    );
    return { contentType: contentTypeOf(file.path), bytes, mark: markOf(file) };
  }

  /** Of a memory that this source has listed. A file that may still be being written is as it was. */
  readonly mediaMarks: MediaMarks = {
    isRemote: false,
    of: async ({ memoryId, kind }, known) => {
      const path = this.#kept.index.fileOf(memoryId)?.read?.media[kind];
      const file = path === undefined ? null : await this.#statOf(path);
      if (file === null) return null;
      return isFresh(file, this.#options.settleMs, Date.now()) ? known : markOf(file);
    },
  };

  /** Null for what is not there. A file system may spell a name in Unicode's other form. */
  async #statOf(path: string): Promise<Stats | null> {
    for (const spelling of new Set([path, path.normalize("NFD")])) {
      const found = await stat(join(this.#options.root, spelling)).catch(() => null);
      if (found !== null) return found;
    }
    return null;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // Of a large folder this is much, and what holds a closed source does not need it.
    this.#kept = nothingKept();
  }

  /** One at a time: what one walk has not seen yet is not gone for another. */
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#lastWork.then(work, work);
    this.#lastWork = result;
    return result;
  }

  /** Walks through the folder and notes what has changed. */
  async #look(signal: AbortSignal): Promise<Found> {
    await this.#checkRoot();
    const lastMark = this.#kept.marks.at(-1)?.[0] ?? null;
    if ((await this.#store.lastMark()) !== lastMark) this.#kept = (await this.#store.load()) ?? nothingKept();
    const { index, marks } = this.#kept;
    let walk = await this.#walk(signal);
    // A file that was moved in the middle of a walk may have escaped it; what is missing twice in a row is not there.
    if (index.lacks(walk.arrangement.items)) walk = await this.#walk(signal);
    const { arrangement, unreadable, nameless } = walk;
    const { items, contents } = arrangement;
    const now = Date.now();
    const isSettled = (file: FoundFile) => !isFresh(file, this.#options.settleMs, now);
    const isEmptied = items.length === 0 && index.size > 0;
    const isUnknown = (path: string) =>
      isEmptied || unreadable.some((each) => path === each.path || path.startsWith(`${each.path}/`));
    index.update(items, { isSettled, isUnknown, now });
    const unsettled = items.filter((file) => !isSettled(file));
    const truncated = truncationOf(unreadable) ?? this.#emptiness(items.length);
    return { contents, unsettled, nameless, truncated, index, marks, change: index.change };
  }

  /** Resolves to the mark of what a listing has shown; null where nobody would know it later. */
  async #keep({ index, change }: Found): Promise<string | null> {
    if (index !== this.#kept.index) return null;
    const [lastMark, lastChange] = this.#kept.marks.at(-1) ?? [];
    if (lastMark !== undefined && lastChange === change && !index.hasChanged) return lastMark;
    const marks = await this.#store.save(this.#kept, change);
    this.#kept = marks === null ? nothingKept() : { index, marks };
    return marks?.at(-1)?.[0] ?? null;
  }

  async #walk(signal: AbortSignal): Promise<{ arrangement: Arrangement } & Omit<Walk, "files" | "folders">> {
    const choice = { isExcluded: this.#isExcluded, isWanted: this.#reader.isWanted };
    const { files, unreadable, nameless } = await walkFolder(this.#options.root, choice, signal);
    return { arrangement: this.#reader.arrange(files), unreadable, nameless };
  }

  /** A drive that is not mounted looks like an empty folder. */
  #emptiness(items: number): { reason: string } | null {
    return items > 0
      ? null
      : { reason: `the folder holds no ${this.#reader.itemNames[1]}: is its drive there?` };
  }

  async #checkRoot(): Promise<void> {
    const { root } = this.#options;
    if (this.#isClosed) throw new ConnectorError("SOURCE_UNREACHABLE", "the source is closed");
    const found = await stat(root).catch((error: unknown) => {
      throw rootError(root, reasonOf(error), error);
    });
    if (!found.isDirectory()) throw rootError(root, "it is a file");
  }

  async #mediumOf({ memoryId, kind }: MediaRequest, signal: AbortSignal): Promise<FoundFile | undefined> {
    const { contents, index } = await this.#alone(() => this.#look(signal));
    if (index.fileOf(memoryId) === undefined) {
      const unread = index.select(({ read }) => read === undefined).paths;
      for (let start = 0; start < unread.length; start += pageSize) {
        const files = unread.slice(start, start + pageSize).flatMap((path) => index.get(path) ?? []);
        await contents.read(files, index);
      }
    }
    const path = index.fileOf(memoryId)?.read?.media[kind];
    return path === undefined ? undefined : contents.mediumAt(path);
  }
}

function markOf({ size, mtimeMs }: Pick<FoundFile, "size" | "mtimeMs">): MediumMark {
  return { bytes: size, date: String(mtimeMs) };
}

/** None where only the file has a date. */
function saidTime(item: ListedFile): { at: string }[] {
  if (item.kind !== "memory" || item.memory.timeSource === "file_date") return [];
  return [{ at: item.memory.createdAt }];
}

function doubtsOf(item: ListedFile): MemoryDoubt[] {
  if (item.kind !== "memory") return [];
  return (item.doubts ?? []).map((problem) => ({ id: item.memory.id, problem }));
}

async function* readMedium(
  location: string,
  request: MediaRequest,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(location, { signal });
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    const message = `the ${mediaName(request)} cannot be read: ${reasonOf(cause)}`;
    throw new ConnectorError("MEDIA_NOT_FOUND", message, { subject: request.memoryId, cause });
  }
}

/** Whether another file is the good form of a malformed one. */
function isShownElsewhere({ path, malformed: { id } }: MalformedFile, index: FileIndex): boolean {
  const owner = id === null ? undefined : index.fileOf(id);
  return owner !== undefined && owner.path !== path;
}

/** A file of the future is one of a clock that is wrong, and no younger for it tomorrow. */
function isFresh({ mtimeMs }: Pick<FoundFile, "mtimeMs">, settleMs: number, now: number): boolean {
  return mtimeMs <= now && now - mtimeMs < settleMs;
}

function truncationOf(unreadable: Walk["unreadable"]): { reason: string } | null {
  const [first] = unreadable;
  if (first === undefined) return null;
  const others = unreadable.length - 1;
  const more = others === 0 ? "" : `, nor ${plural(others, "other")}`;
  return { reason: `${first.path} could not be looked at (${first.reason})${more}` };
}

function wantedBy(scope: ListScope, { index, marks }: KeptIndex) {
  if (scope.kind === "events")
    return ({ noticedAt, read }: Pick<KnownFile, "noticedAt" | "read">) =>
      noticedAt >= scope.since || (read !== undefined && read.at >= scope.since);
  const known = scope.kind === "changes" ? marks.find(([mark]) => mark === scope.since)?.[1] : undefined;
  const since = known === undefined || known < index.forgotten ? 0 : known;
  return ({ change }: Pick<KnownFile, "change">) => change > since;
}

const nothingKept = (): KeptIndex => ({ index: new FileIndex(), marks: [] });

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
