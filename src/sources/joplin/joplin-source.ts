import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { batchesOf } from "../../kernel/util/collections.ts";
import { eachOnce } from "../each-once.ts";
import { pageOf } from "../json-list/parsed-item.ts";
import type {
  DownloadedMedia,
  ListRequest,
  MediaMarks,
  MediaRequest,
  MemoryPage,
  MemorySource,
  SourceInfo,
} from "../memory-source.ts";
import { noMedium } from "../save-media.ts";
import { ServedSource } from "../served-source.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import type { SourceServerOptions } from "../source-server.ts";
import { walkPlaces } from "../walk-places.ts";
import { JoplinApi, type JoplinRow } from "./joplin-api.ts";
import { filesIn, firstOf, type JoplinFile, linkedIds, type ReadNote, readNote, toFile } from "./note.ts";
import { Notebooks } from "./notebooks.ts";
import type { JoplinOptions } from "./settings.ts";

/** Joplin keeps its events for 90 days. */
const feedDays = 80;
const dayMs = 86_400_000;
/** Notes whose changes are looked at together. */
const changesPerPage = 100;

/** Joplin refuses a missing or wrong token with 403. */
const refusals: ReadonlyMap<number, ErrorCode> = new Map([[403, "SOURCE_UNAUTHORIZED"]]);

/** What a note's memory is made of, beside the note. */
interface Around {
  notebooks: Notebooks;
  tagsOf(noteId: string): readonly string[];
  fileOf(id: string): JoplinFile | undefined;
}

/**
 * Joplin through its Data API, which its desktop and terminal programs have. It has no contexts: whatever the connector calls its
 * context, it holds all chosen notebooks.
 */
export class JoplinSource extends ServedSource implements MemorySource {
  readonly capabilities: SourceCapabilities = {
    consistency: "keyset",
    // A tag that is put on or taken off is no event, nor is a notebook that is renamed.
    since: { by: "updated", isReliable: false },
    deletes: "feed",
    complete: "yes",
    identity: "refusal",
    byId: true,
    media: ["audio", "image"],
  };
  readonly #options: JoplinOptions;
  readonly #api: JoplinApi;
  readonly #now: () => number;

  constructor(options: JoplinOptions & SourceServerOptions) {
    super(options, {
      title: "Joplin",
      service: "joplin",
      keyName: "token",
      secretQuery: { token: options.token },
      refusals,
    });
    this.#options = options;
    this.#now = () => (options.clock ?? systemClock).now();
    this.#api = new JoplinApi(this.server, options.pageSize);
  }

  async *list({ scope, resume }: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    if (scope.kind === "named") {
      const notebooks = await this.#notebooks(signal);
      const notes = await Promise.all(scope.ids.map((id) => this.#changed(id, notebooks, signal)));
      return yield { ...notesPage(notes), mayHaveDrifted: false };
    }
    // Events are written with a delay, so the feed is read from here on, not from the end of the list.
    const cursor = await this.#api.lastCursor(signal);
    const since = scope.kind === "changes" ? this.#cursorOf(scope.since, cursor) : null;
    yield* eachOnce(since === null ? this.#everything(cursor, resume, signal) : this.#changes(since, signal));
  }

  async check(_contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    await this.#api.check(signal);
    await this.#notebooks(signal);
    return { server: this.server.address, version: null, account: null, capabilities: this.capabilities };
  }

  async download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia> {
    const file = await this.#mediumOf(request, signal);
    if (file === undefined) throw noMedium(request);
    const call = { path: ["resources", file.id, "file"] };
    const downloaded = await this.server.download(call, request, path, signal);
    return { ...downloaded, mark: file.mark };
  }

  readonly mediaMarks: MediaMarks = {
    isRemote: true,
    of: async (request, _known, signal) => (await this.#mediumOf(request, signal))?.mark ?? null,
  };

  async #mediumOf({ memoryId, kind }: MediaRequest, signal: AbortSignal): Promise<JoplinFile | undefined> {
    const note = await this.#api.note(memoryId, signal);
    const body = typeof note?.body === "string" ? note.body : "";
    const files = await this.#filesOf([body], signal);
    return firstOf(
      filesIn(body, (id) => files.get(id)),
      kind,
    );
  }

  async *#everything(
    cursor: string,
    resume: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<MemoryPage> {
    const around = await this.#aroundAll(signal);
    const shown = resume !== undefined && /^[0-9a-f]{32}$/u.test(resume) ? resume : "";
    const begin = shown === "" ? 0 : await this.#placeBehind(shown, signal);
    const walk = walkPlaces<JoplinRow>(
      {
        size: this.#api.pageSize,
        from: (place) => this.#api.notesFrom(place, signal),
        at: (place) => this.#api.noteIdAt(place, signal),
        keyOf: ({ id }) => id,
      },
      begin,
    );
    for (;;) {
      const { value, done } = await walk.next();
      if (done) return yield { ...notesPage([]), mark: this.#markOf(cursor), mayHaveDrifted: value.hasMoved };
      const last = value.at(-1);
      // Joplin lists them by id.
      const rest = value.filter(({ id }) => id === "" || id > shown);
      yield { ...notesPage(rest.map((row) => this.#read(row, around))), ...(last && { resume: last.id }) };
    }
  }

  async *#changes(since: string, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const notebooks = await this.#notebooks(signal);
    let cursor = since;
    const ids = new Set<string>();
    for (let isLast = false; !isLast; ) {
      const events = await this.#api.eventsAfter(cursor, signal);
      for (const id of events.noteIds) ids.add(id);
      // A feed that says it goes on and does not is at its end.
      isLast = events.isLast || events.cursor === cursor;
      cursor = events.cursor;
    }
    for await (const batch of batchesOf(ids, changesPerPage)) {
      const notes = await Promise.all(batch.map((id) => this.#changed(id, notebooks, signal)));
      yield { ...notesPage(notes), deleted: notes.flatMap((note) => (note.kind === "gone" ? note.id : [])) };
    }
    yield { ...notesPage([]), mark: this.#markOf(cursor) };
  }

  async #changed(id: string, notebooks: Notebooks, signal: AbortSignal): Promise<ReadNote> {
    const note = await this.#api.note(id, signal);
    if (note === null) return { kind: "gone", id };
    const files = await this.#filesOf([note.body], signal);
    const tags = await this.#api.tagsOf(id, signal);
    return this.#read(note, { notebooks, tagsOf: () => tags, fileOf: (fileId) => files.get(fileId) });
  }

  #read(row: JoplinRow, { notebooks, tagsOf, fileOf }: Around): ReadNote {
    if (!notebooks.has(row.parent_id) && row.tooLarge !== true) return { kind: "gone", id: row.id };
    const path = this.#options.notebookAsTag ? notebooks.pathOf(row.parent_id) : null;
    const tags = path === null ? tagsOf(row.id) : [...tagsOf(row.id), path];
    return readNote(row, { tags, fileOf, timeZone: this.#options.timeZone });
  }

  async #aroundAll(signal: AbortSignal): Promise<Around> {
    const notebooks = await this.#notebooks(signal);
    const tags = await this.#api.tagsByNote(signal);
    const files = new Map((await this.#api.resources(signal)).map((row) => [row.id, toFile(row)]));
    return { notebooks, tagsOf: (id) => tags.get(id) ?? [], fileOf: (id) => files.get(id) };
  }

  async #notebooks(signal: AbortSignal): Promise<Notebooks> {
    return new Notebooks(await this.#api.notebooks(signal), this.#options);
  }

  /** What texts link to, by id, as far as it is a file. */
  async #filesOf(bodies: readonly unknown[], signal: AbortSignal): Promise<Map<string, JoplinFile>> {
    const ids = bodies.flatMap((body) => (typeof body === "string" ? linkedIds(body) : []));
    const rows = await Promise.all(ids.map((id) => this.#api.resource(id, signal)));
    return new Map(rows.flatMap((row) => (row === null ? [] : [[row.id, toFile(row)] as const])));
  }

  /** A place before which there are only notes up to this id. */
  async #placeBehind(id: string, signal: AbortSignal): Promise<number> {
    const isBehind = async (place: number) => ((await this.#api.noteIdAt(place, signal))?.id ?? "~") > id;
    let [low, high] = [0, 1];
    for (; !(await isBehind(high)); high *= 2) low = high;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (await isBehind(middle)) high = middle;
      else low = middle + 1;
    }
    return Math.floor(low / this.#api.pageSize) * this.#api.pageSize;
  }

  #markOf(cursor: string): string {
    return `${cursor}@${new Date(this.#now()).toISOString()}`;
  }

  /** The cursor of a mark; null for one that is too old, or of another profile, whose feed ends before it. */
  #cursorOf(mark: string, last: string): string | null {
    const [, cursor = "", time = ""] = /^(\d+)@(.+)$/u.exec(mark) ?? [];
    const age = this.#now() - Date.parse(time);
    if (cursor === "" || !(age < feedDays * dayMs) || Number(cursor) > Number(last)) return null;
    return cursor;
  }
}

function notesPage(notes: readonly ReadNote[]): MemoryPage {
  return {
    ...pageOf(notes),
    pending: notes.flatMap((note) => (note.kind === "pending" ? note.pending : [])),
  };
}
