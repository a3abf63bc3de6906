import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { isRecord } from "../json-list/parsed-item.ts";
import type { Call, SourceServer } from "../source-server.ts";

/** A row of Joplin's, as far as it was asked for. */
export type JoplinRow = Readonly<Record<string, unknown>> & { readonly id: string };

/** What has happened to a note, since or before it was looked at. */
export interface NoteEvents {
  noteIds: string[];
  cursor: string;
  isLast: boolean;
}

const noteFields = [
  ...["id", "parent_id", "title", "body", "created_time", "updated_time", "user_created_time"],
  ...["latitude", "longitude", "is_conflict", "is_todo", "todo_due", "todo_completed"],
  ...["markup_language", "encryption_applied", "deleted_time"],
].join(",");
const resourceFields = "id,title,mime,size,updated_time,encryption_applied,encryption_blob_encrypted";
const ofNotes = 1;
/** What `GET /ping` says. */
const greeting = "JoplinClipperServer";

/** Joplin's Data API. Source: its documentation and `packages/lib/services/rest`, run with 3.5.1. */
export class JoplinApi {
  readonly #server: SourceServer;
  /** Rows that are asked for at once; more than 100 are refused. */
  readonly pageSize: number;

  constructor(server: SourceServer, pageSize = 100) {
    this.#server = server;
    this.pageSize = pageSize;
  }

  /** Throws unless Joplin answers and accepts the token. */
  async check(signal: AbortSignal): Promise<void> {
    const said = await this.#server.text({ path: ["ping"] }, signal);
    if (said.trim() !== greeting) throw this.#unexpected("GET /ping did not answer as Joplin does");
    await this.#rows({ path: ["notes"], query: { fields: "id", limit: 1 } }, signal);
  }

  /** Where the feed of events ends now. */
  async lastCursor(signal: AbortSignal): Promise<string> {
    return this.#cursorOf(await this.#record({ path: ["events"] }, signal));
  }

  /** The notes of the events behind a cursor, each once. */
  async eventsAfter(cursor: string, signal: AbortSignal): Promise<NoteEvents> {
    const answer = await this.#record({ path: ["events"], query: { cursor } }, signal);
    const ids = this.#items(answer).flatMap(({ item_type: type, item_id: id }) =>
      type === ofNotes && typeof id === "string" ? id : [],
    );
    return { noteIds: [...new Set(ids)], cursor: this.#cursorOf(answer), isLast: answer.has_more !== true };
  }

  /** The notes at these places in the order of their ids, which never changes; not those in the bin. */
  async notesFrom(place: number, signal: AbortSignal): Promise<{ items: JoplinRow[]; isLast: boolean }> {
    const query = this.#pageAt(place, this.pageSize);
    try {
      return await this.#rows({ path: ["notes"], query: { ...query, fields: noteFields } }, signal);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      const { items, isLast } = await this.#rows(
        { path: ["notes"], query: { ...query, fields: "id,updated_time" } },
        signal,
      );
      const notes: JoplinRow[] = [];
      for (const row of items) notes.push((await this.note(row.id, signal)) ?? row);
      return { items: notes, isLast };
    }
  }

  /** The id of the note at a place. */
  async noteIdAt(place: number, signal: AbortSignal): Promise<JoplinRow | undefined> {
    const query = { ...this.#pageAt(place, 1), fields: "id" };
    const { items } = await this.#rows({ path: ["notes"], query }, signal);
    return items[0];
  }

  /** A note, also one in the bin; null when it is gone. One that is too large is only its id and `tooLarge`. */
  async note(id: string, signal: AbortSignal): Promise<JoplinRow | null> {
    try {
      return await this.#row({ path: ["notes", id], query: { fields: noteFields } }, signal);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      const row = await this.#row({ path: ["notes", id], query: { fields: "id,updated_time" } }, signal);
      return row === null ? null : { ...row, tooLarge: true };
    }
  }

  /** The titles of a note's tags. */
  async tagsOf(noteId: string, signal: AbortSignal): Promise<string[]> {
    const tags = await this.#all(["notes", noteId, "tags"], "id,title", signal);
    return tags.flatMap(({ title }) => (typeof title === "string" ? title : []));
  }

  /** The titles of all notes' tags, by the ids of the notes. */
  async tagsByNote(signal: AbortSignal): Promise<Map<string, string[]>> {
    const tags = new Map<string, string[]>();
    for (const { id, title } of await this.#all(["tags"], "id,title", signal)) {
      if (typeof title !== "string") continue;
      for (const note of await this.#all(["tags", id, "notes"], "id", signal))
        tags.set(note.id, [...(tags.get(note.id) ?? []), title]);
    }
    return tags;
  }

  notebooks(signal: AbortSignal): Promise<JoplinRow[]> {
    return this.#all(["folders"], "id,parent_id,title", signal);
  }

  resources(signal: AbortSignal): Promise<JoplinRow[]> {
    return this.#all(["resources"], resourceFields, signal);
  }

  /** A file's name and kind; null when there is none of this id. */
  resource(id: string, signal: AbortSignal): Promise<JoplinRow | null> {
    return this.#row({ path: ["resources", id], query: { fields: resourceFields } }, signal);
  }

  /** All rows of a list that is small enough to be held, each once. */
  async #all(path: string[], fields: string, signal: AbortSignal): Promise<JoplinRow[]> {
    const rows = new Map<string, JoplinRow>();
    for (let place = 0; ; place += this.pageSize) {
      const query = { ...this.#pageAt(place, this.pageSize), fields };
      const { items, isLast } = await this.#rows({ path, query, notFound: "MEMORY_NOT_FOUND" }, signal).catch(
        orNothing,
      );
      const before = rows.size;
      for (const row of items) rows.set(row.id, row);
      // A cache in front of it may give the same page again and again.
      if (isLast || rows.size === before) return [...rows.values()];
    }
  }

  #pageAt(place: number, size: number) {
    return { order_by: "id", order_dir: "ASC", limit: size, page: Math.floor(place / size) + 1 };
  }

  async #rows(call: Call, signal: AbortSignal): Promise<{ items: JoplinRow[]; isLast: boolean }> {
    const answer = await this.#record(call, signal);
    return { items: this.#items(answer), isLast: answer.has_more !== true };
  }

  async #row(call: Call, signal: AbortSignal): Promise<JoplinRow | null> {
    try {
      const row = await this.#record({ ...call, notFound: "MEMORY_NOT_FOUND" }, signal);
      if (isRow(row)) return row;
    } catch (error) {
      if (isCode(error, "MEMORY_NOT_FOUND")) return null;
      throw error;
    }
    throw this.#unexpected(`GET /${call.path.join("/")} did not answer with an item`);
  }

  #items(answer: Record<string, unknown>): JoplinRow[] {
    if (!Array.isArray(answer.items)) throw this.#unexpected("the answer has no items");
    // An event has a number for an id; what is no item at all has none.
    return answer.items.map((row) =>
      isRecord(row)
        ? { ...row, id: typeof row.id === "object" ? "" : String(row.id ?? "") }
        : { row, id: "" },
    );
  }

  #cursorOf({ cursor }: Record<string, unknown>): string {
    if (typeof cursor !== "string" || !/^\d+$/u.test(cursor))
      throw this.#unexpected("its events have no cursor");
    return cursor;
  }

  async #record(call: Call, signal: AbortSignal): Promise<Record<string, unknown>> {
    const answer = await this.#server.json(call, signal);
    if (!isRecord(answer))
      throw this.#unexpected(`GET /${call.path.join("/")} did not answer with an object`);
    return answer;
  }

  #unexpected(what: string): ConnectorError {
    return new ConnectorError("SOURCE_BAD_ANSWER", `Joplin: ${what}`, {
      subject: this.#server.address,
      hint: "check the source's url: Joplin takes the first free port of 41184 to 41194, and shows it in its options under Web Clipper",
    });
  }
}

const isRow = (value: Record<string, unknown>): value is JoplinRow => typeof value.id === "string";

/** A tag may be deleted while its notes are asked for. */
function orNothing(error: unknown): { items: JoplinRow[]; isLast: boolean } {
  if (isCode(error, "MEMORY_NOT_FOUND")) return { items: [], isLast: true };
  throw error;
}

const isTooLarge = (error: unknown) => isCode(error, "SOURCE_ANSWER_TOO_LARGE");

const isCode = (error: unknown, code: string) => error instanceof ConnectorError && error.code === code;
