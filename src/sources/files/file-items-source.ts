import { createHash } from "node:crypto";
import { attachmentsOf } from "../../domain/attachments.ts";
import { type Memory, problemsOf } from "../../domain/memory.ts";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { ValueCache } from "../../kernel/util/value-cache.ts";
import { attachmentKind, contentTypeOf } from "../files-of-a-folder/file-kinds.ts";
import { type LookedAt, timesText } from "../first-times.ts";
import type {
  DownloadedMedia,
  ListRequest,
  MediaKind,
  MediaRequest,
  MemoryDoubt,
  MemoryPage,
  MemorySource,
  SourceInfo,
  SourceLore,
} from "../memory-source.ts";
import { noMedium, saveMedia, tooLarge } from "../save-media.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import { findFiles } from "./find-files.ts";
import { FirstSeen } from "./first-seen.ts";
import { readerOf, wantedFiles, withoutCompanions } from "./formats.ts";
import { CutOff, type InputFile } from "./input-file.ts";
import { itemIn } from "./presets/preset.ts";
import { type ReadItem, unreadFile } from "./read-item.ts";
import type { FilesOptions } from "./settings.ts";
import { Twins } from "./twins.ts";
import { Winners } from "./winners.ts";

/** A page holds no more memories, nor many more characters of text. */
const pageSize = 200;
const pageCharacters = 4_000_000;
/** Of so many files it is remembered how much they held. */
const maxRemembered = 1_000;

/** A check looks at so many items, and at more of them for so long. Milliseconds. */
const firstItems = 20;
const lookMs = 2_000;

type Media = Partial<Record<MediaKind, InputFile>>;

/**
 * Files with a list of items in each: JSON Lines, JSON, tables, exports of other programs. They are read as streams, twice: first to learn which item
 * is the last one of an id, for a later one replaces those before it. Files have no contexts: whatever the connector calls its context, it holds all.
 */
export class FileItemsSource implements MemorySource {
  readonly capabilities: SourceCapabilities;
  readonly #options: FilesOptions;
  readonly #firstSeen: () => FirstSeen;
  readonly #media = new Map<string, Media>();
  #isClosed = false;

  /** `values` keeps between processes when items without a time were first seen. */
  constructor(options: FilesOptions, values: ValueCache) {
    this.#options = options;
    this.capabilities = {
      consistency: "snapshot",
      since: { by: "none", isReliable: true },
      deletes: options.isSnapshot ? "diff" : "none",
      complete: "yes",
      identity: "refusal",
      media: ["audio", "image"],
    };
    const digest = (of: unknown) => createHash("sha256").update(JSON.stringify(of)).digest("hex");
    // What a connector has seen it knows at another place, too; up to now the place has told it.
    const places = [
      ...(options.connectorId === null ? [] : [digest([options.connectorId])]),
      digest(options.paths),
    ];
    this.#firstSeen = () => new FirstSeen(values, places);
  }

  async *list({ resume, lore }: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const files = await this.#files(signal);
    const winners = await this.#winners(files, signal);
    const state = stateOf(files);
    const page = new PageInWork(state, placeIn(resume, state), this.#firstSeen());
    const reasons: string[] = [];
    const counts = new Map(files.map(({ name }) => [name, 0]));
    const unread = new Set<string>();
    for await (const { item, file } of this.#items(files, signal)) {
      const shown = winners.take(item, file);
      if (item.kind === "truncated") reasons.push(item.reason);
      if (item.kind === "malformed" && item.isFile === true) unread.add(file.name);
      if (item.kind === "memory") counts.set(file.name, (counts.get(file.name) ?? 0) + 1);
      if (shown !== null) await page.add(await this.#withFiles(shown, file));
      if (page.isFull) yield await page.take();
    }
    // That a file has changed explains why it broke off, too.
    const renamed = maybeRenamed(unread, counts, lore);
    const [reason] = [...(await changesOf(files)), ...reasons, ...emptied(counts, lore), ...renamed.reasons];
    yield {
      ...(await page.takeLast()),
      deleted: winners.deleted,
      ambiguous: winners.ambiguous,
      truncated: reason === undefined ? null : { reason },
      lore: loreOf(renamed.known, lore),
    };
  }

  async check(_contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    const files = await this.#files(signal);
    await this.#checkFiles(files, signal);
    const [first] = files;
    const server =
      files.length === 1 && first !== undefined ? first.location : this.#options.paths.join(", ");
    const times = await this.#times(files, signal);
    return { server, version: null, account: null, capabilities: this.capabilities, times };
  }

  /** What the items say of their times. Throws `SOURCE_BAD_ANSWER` when none of the first is a memory. */
  async #times(files: readonly InputFile[], signal: AbortSignal): Promise<string> {
    const { items, isAll } = await this.#look(files, signal);
    const [flawed] = items.flatMap(({ problems }) => (problems === null ? [] : [problems]));
    if (flawed !== undefined && items.every(({ problems }) => problems !== null))
      throw new ConnectorError(
        "SOURCE_BAD_ANSWER",
        `nothing that the files begin with is a memory: ${flawed.join("; ")}`,
        {
          subject: this.#options.paths.join(", "),
          hint: "say with the connector's source.map and source.time_format where an item has what",
        },
      );
    const times = items.flatMap(({ time }) => time ?? []);
    return timesText({ looked: items.length, times, timeZone: this.#options.timeZone, isAll });
  }

  /** The first items, and those that can be read within a moment; whether these are all. */
  async #look(
    files: readonly InputFile[],
    signal: AbortSignal,
  ): Promise<{ items: LookedItem[]; isAll: boolean }> {
    const until = Date.now() + lookMs;
    const items: LookedItem[] = [];
    for await (const { item } of this.#items(files, signal)) {
      if (item.kind !== "memory" && item.kind !== "malformed") continue;
      const isEnough = Date.now() > until || items.every(({ problems }) => problems !== null);
      if (items.length >= firstItems && isEnough) return { items, isAll: false };
      items.push(lookedItem(item));
    }
    return { items, isAll: true };
  }

  /** One file among others that cannot be read is told by a run. */
  async #checkFiles(files: readonly InputFile[], signal: AbortSignal): Promise<void> {
    const unread: ConnectorError[] = [];
    for (const file of files)
      await readerOf(file, this.#options, signal).catch((error: unknown) => {
        if (!isConnectorError(error, "SOURCE_BAD_ANSWER")) throw error;
        unread.push(error);
      });
    if (unread[0] !== undefined && unread.length === files.length) throw unread[0];
  }

  async download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia> {
    const medium = await this.#mediumOf(request, signal);
    if (medium === undefined) throw noMedium(request);
    if (medium.size > request.maxBytes) throw tooLarge(request);
    const bytes = await saveMedia(medium.open(signal), request, path);
    return { contentType: contentTypeOf(medium.name), bytes };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  async #files(signal: AbortSignal): Promise<InputFile[]> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new ConnectorError("SOURCE_UNREACHABLE", "the source is closed");
    const files = await findFiles(this.#options.paths, wantedFiles(this.#options.format), signal);
    return withoutCompanions(files, this.#options, signal);
  }

  /** Reads everything once, and where items share an id that tells nothing, once more. */
  async #winners(files: readonly InputFile[], signal: AbortSignal): Promise<Winners> {
    const twins = new Twins();
    let winners = new Winners(twins, files.length);
    for await (const { item, file } of this.#items(files, signal)) {
      twins.note(item);
      winners.note(item, file);
    }
    if (twins.areThere) {
      winners = new Winners(twins, files.length);
      for await (const { item, file } of this.#items(files, signal)) winners.note(item, file);
    }
    winners.begin();
    return winners;
  }

  /**
   * Everything in the files, in their order. A file that ends too early costs no other, nor does one that is of no form that can be read, unless none is.
   */
  async *#items(
    files: readonly InputFile[],
    signal: AbortSignal,
  ): AsyncGenerator<{ item: ReadItem; file: InputFile }> {
    const unread: ConnectorError[] = [];
    for (const file of files) {
      signal.throwIfAborted();
      try {
        const read = await readerOf(file, this.#options, signal);
        for await (const item of read(file, this.#options, signal)) yield { item, file };
      } catch (error) {
        if (error instanceof CutOff)
          yield { item: { kind: "truncated", reason: `${file.name}: ${error.message}` }, file };
        else if (isConnectorError(error, "SOURCE_BAD_ANSWER") && unread.push(error) < files.length)
          yield { item: unreadFile(file.name, error), file };
        else throw unread[0] ?? error;
      }
    }
  }

  /** The item with what is known of its files. */
  async #withFiles(item: ReadItem, file: InputFile): Promise<ReadItem> {
    if (item.kind !== "memory" || item.files === undefined || item.files.length === 0) return item;
    const media: Media = {};
    const others: Parameters<typeof attachmentsOf>[0][number][] = [];
    for (const name of item.files) {
      const kind = attachmentKind(name) ?? "file";
      const found = await file.beside(name);
      const isMedium = (kind === "audio" || kind === "image") && found !== null && media[kind] === undefined;
      if (isMedium) media[kind] = found;
      else others.push({ kind, name: name.split("/").at(-1) ?? name, id: name });
    }
    const attachments = attachmentsOf(others);
    const memory: Memory = {
      ...item.memory,
      audio: media.audio !== undefined,
      image: media.image !== undefined,
      ...(attachments.length > 0 && { attachments }),
    };
    if (memory.audio || memory.image) this.#media.set(memory.id, media);
    return { ...item, memory };
  }

  async #mediumOf({ memoryId, kind }: MediaRequest, signal: AbortSignal): Promise<InputFile | undefined> {
    const files = await this.#files(signal);
    if (!this.#media.has(memoryId)) {
      const winners = await this.#winners(files, signal);
      for await (const { item, file } of this.#items(files, signal)) {
        const shown = winners.take(item, file);
        if (shown?.kind === "memory" && shown.memory.id === memoryId) await this.#withFiles(shown, file);
      }
    }
    return this.#media.get(memoryId)?.[kind];
  }
}

/** What a check keeps of an item. */
interface LookedItem {
  time: LookedAt["times"][number] | null;
  /** Why it is no memory; null where it is one. */
  problems: readonly string[] | null;
}

function lookedItem(item: ReadItem & { kind: "memory" | "malformed" }): LookedItem {
  if (item.kind === "malformed") return { time: null, problems: problemsOf(item.malformed) };
  const { memory, written } = item;
  return { time: memory.createdAt === "" ? null : { at: memory.createdAt, written }, problems: null };
}

const emptyPage = () => ({
  memories: [] as Memory[],
  malformed: [] as MemoryPage["malformed"][number][],
  doubts: [] as MemoryDoubt[],
});

/** Gathers what a listing shows. */
class PageInWork {
  readonly #state: string;
  readonly #firstSeen: FirstSeen;
  readonly #now = Date.now();
  readonly #fingerprints = new Set<string>();
  /** So many items an earlier listing has shown already. */
  #shownBefore: number;
  #number = 0;
  #characters = 0;
  #page = emptyPage();

  constructor(state: string, shownBefore: number, firstSeen: FirstSeen) {
    this.#state = state;
    this.#shownBefore = shownBefore;
    this.#firstSeen = firstSeen;
  }

  get isFull(): boolean {
    const { memories, malformed } = this.#page;
    return memories.length + malformed.length >= pageSize || this.#characters >= pageCharacters;
  }

  async add(item: ReadItem): Promise<void> {
    if (item.kind === "malformed" && this.#fingerprints.has(item.malformed.fingerprint)) return;
    this.#number += 1;
    if (item.kind === "malformed") {
      this.#fingerprints.add(item.malformed.fingerprint);
      // Not left out with what was shown before: a later listing has to know what is still broken.
      this.#page.malformed.push(item.malformed);
    } else if (item.kind === "memory" && this.#number > this.#shownBefore) {
      this.#page.memories.push(await this.#dated(item.memory));
      this.#page.doubts.push(...(item.doubts ?? []).map((problem) => ({ id: item.memory.id, problem })));
      this.#characters += item.memory.transcript.length;
    }
  }

  async take(): Promise<MemoryPage> {
    return { ...(await this.takeLast()), resume: `${this.#state}:${this.#number}` };
  }

  async takeLast(): Promise<MemoryPage> {
    await this.#firstSeen.keep();
    const page = { ...this.#page, truncated: null };
    this.#page = emptyPage();
    this.#characters = 0;
    return page;
  }

  async #dated(memory: Memory): Promise<Memory> {
    if (memory.createdAt !== "") return memory;
    const seen = await this.#firstSeen.timeOf(memory.id, this.#now);
    return { ...memory, createdAt: new Date(seen).toISOString(), timeSource: "first_seen" };
  }
}

/** The same for the same files. */
function stateOf(files: readonly InputFile[]): string {
  const stamps = files.map(({ location, stamp }) => [location, stamp]);
  return createHash("sha256").update(JSON.stringify(stamps)).digest("base64url");
}

/** How many items were shown up to a place in files of this state; 0 for a place in others. */
function placeIn(resume: string | undefined, state: string): number {
  const [of, number] = resume?.split(":") ?? [];
  return of === state && Number.isSafeInteger(Number(number)) ? Number(number) : 0;
}

async function changesOf(files: readonly InputFile[]): Promise<string[]> {
  const reasons: string[] = [];
  for (const file of files)
    if ((await file.state()) === "changed") reasons.push(`${file.name} has changed while it was read`);
  return reasons;
}

/** What a file is said to hold that holds nothing: what was in it has hardly all been deleted. */
function emptied(counts: ReadonlyMap<string, number>, lore: SourceLore | null | undefined): string[] {
  return Array.from(counts).flatMap(([name, count]) =>
    count === 0 && heldBefore(name, lore) > 0
      ? `${name} holds nothing any more; take it out of source.path if that is right`
      : [],
  );
}

/**
 * A file that no listing has shown and that cannot be read may be one that is not there any more, under another name. As long as that may be, it is not
 * known what it holds, and what the other one held is remembered.
 */
function maybeRenamed(
  unread: ReadonlySet<string>,
  counts: ReadonlyMap<string, number>,
  lore: SourceLore | null | undefined,
): { reasons: string[]; known: ReadonlyMap<string, number> } {
  const before = Object.keys(itemIn(lore?.files));
  const gone = before.filter((name) => !counts.has(name) && heldBefore(name, lore) > 0);
  const strange = [...unread].filter((name) => !before.includes(name));
  if (gone.length === 0 || strange.length === 0) return { reasons: [], known: counts };
  const known = new Map([...counts].filter(([name]) => !strange.includes(name)));
  for (const name of gone) known.set(name, heldBefore(name, lore));
  const reason = `${strange[0]} cannot be read, and may hold what ${gone[0]} held, which is not there any more; take it out of source.path if it does not`;
  return { reasons: [reason], known };
}

function heldBefore(name: string, lore: SourceLore | null | undefined): number {
  const files = lore?.files;
  const count =
    typeof files === "object" && files !== null && name in files ? (files as SourceLore)[name] : 0;
  return typeof count === "number" ? count : 0;
}

function loreOf(counts: ReadonlyMap<string, number>, lore: SourceLore | null | undefined): SourceLore {
  const entries = Array.from(counts).slice(0, maxRemembered);
  return {
    files: Object.fromEntries(entries.map(([name, count]) => [name, count || heldBefore(name, lore)])),
  };
}
