import { createHash } from "node:crypto";
import { type FakeAnswer, type FakeRequest, FakeServer } from "./fake-server.ts";

export type JoplinNote = Record<string, unknown> & { id: string };

/** 32 hex digits, as Joplin's ids have them, of any name. */
export const joplinId = (name: string) => createHash("sha256").update(name).digest("hex").slice(0, 32);

const emptyNote = {
  ...{
    parent_id: joplinId("notebook"),
    title: "",
    body: "",
    latitude: "0.00000000",
    longitude: "0.00000000",
  },
  ...{ is_conflict: 0, is_todo: 0, todo_due: 0, todo_completed: 0, markup_language: 1 },
  ...{ encryption_applied: 0, deleted_time: 0, type_: 1 },
};

/** Joplin's Data API as it was measured on 3.5.1, with what no real one does on demand. */
export class JoplinDouble extends FakeServer {
  token = "token-0123456789abcdef";
  readonly notes = new Map<string, JoplinNote>();
  readonly notebooks = new Map([[joplinId("notebook"), { title: "Journal", parent_id: "" }]]);
  /** Ids of notes by the titles of their tags. */
  readonly tags = new Map<string, Set<string>>();
  readonly files = new Map<
    string,
    { title: string; mime: string; bytes: Buffer; updatedAt?: number; encrypted?: boolean }
  >();
  url = "";
  now = Date.UTC(2026, 2, 1, 8, 15);
  #events: { id: number; item_type: 1; item_id: string; type: number; created_time: number }[] = [];
  #lastEvent = 0;

  static async start(): Promise<JoplinDouble> {
    const joplin = new JoplinDouble();
    joplin.url = await joplin.serve((request) => joplin.#answer(request));
    return joplin;
  }

  /** Adds or changes a note. */
  put(note: JoplinNote): void {
    const known = this.notes.get(note.id);
    const times = { created_time: this.now, user_created_time: this.now, updated_time: this.now };
    this.notes.set(note.id, { ...emptyNote, ...times, ...known, ...note });
    this.#happened(note.id, known === undefined ? 1 : 2);
  }

  /** Deletes a note for good. */
  delete(id: string): void {
    if (this.notes.delete(id)) this.#happened(id, 3);
  }

  /** Changes of one note are merged into the last one. */
  #happened(id: string, type: number): void {
    this.#events = this.#events.filter((event) => event.item_id !== id);
    this.#lastEvent += 1;
    this.#events.push({ id: this.#lastEvent, item_type: 1, item_id: id, type, created_time: this.now });
  }

  #answer({ url }: FakeRequest): FakeAnswer {
    const { pathname, searchParams: query } = url;
    if (pathname === "/ping") return { status: 200, body: "JoplinClipperServer" };
    if (query.get("token") !== this.token) return refused(403, 'Invalid "token" parameter');
    const [, kind = "", id, part] = pathname.split("/");
    switch ([kind, id === undefined ? "" : ":id", part ?? ""].join("/")) {
      case "events//":
        return ok(this.#eventsAfter(query.get("cursor")));
      case "notes//":
        return this.#page(this.#listed(), query);
      case "notes/:id/":
        return one(this.notes.get(id ?? ""), query);
      case "notes/:id/tags":
        return this.#page(
          this.#tagRows().filter(({ title }) => this.tags.get(title)?.has(id ?? "")),
          query,
        );
      case "tags//":
        return this.#page(this.#tagRows(), query);
      case "tags/:id/notes":
        return this.#page(
          this.#listed().filter((note) => this.#isTagged(note.id, id)),
          query,
        );
      case "folders//":
        return this.#page(
          Array.from(this.notebooks, ([key, row]) => ({ id: key, ...row })),
          query,
        );
      case "resources//":
        return this.#page(this.#fileRows(), query);
      case "resources/:id/":
        return one(
          this.#fileRows().find((row) => row.id === id),
          query,
        );
      case "resources/:id/file":
        return this.#file(id ?? "");
      default:
        return refused(404, "Not Found");
    }
  }

  #listed(): JoplinNote[] {
    return [...this.notes.values()].filter((note) => note.deleted_time === 0 && note.is_conflict === 0);
  }

  #tagRows() {
    return Array.from(this.tags.keys(), (title) => ({ id: joplinId(title), title }));
  }

  #isTagged(noteId: string, tagId: string | undefined): boolean {
    return this.#tagRows().some(({ id, title }) => id === tagId && this.tags.get(title)?.has(noteId));
  }

  #fileRows() {
    return Array.from(this.files, ([id, { title, mime, bytes, updatedAt = 0, encrypted = false }]) => ({
      ...{ id, title, mime, size: bytes.length, updated_time: updatedAt },
      ...{ encryption_applied: 0, encryption_blob_encrypted: encrypted ? 1 : 0 },
    }));
  }

  #file(id: string): FakeAnswer {
    const file = this.files.get(id);
    return file === undefined
      ? refused(404, "Not Found")
      : { status: 200, body: file.bytes, headers: { "content-type": file.mime } };
  }

  #eventsAfter(cursor: string | null) {
    if (cursor === null) return { items: [], has_more: false, cursor: String(this.#lastEvent) };
    const items = this.#events.filter(({ id }) => id > Number(cursor)).slice(0, 100);
    return { items, has_more: items.length >= 100, cursor: String(items.at(-1)?.id ?? cursor) };
  }

  #page(rows: readonly Record<string, unknown>[], query: URLSearchParams): FakeAnswer {
    const limit = Number(query.get("limit") ?? 100);
    if (limit > 100) return refused(400, `Limit out of bond: ${limit}`);
    const by = query.get("order_by") ?? "updated_time";
    const sorted = rows.toSorted((one, other) => (String(one[by]) < String(other[by]) ? -1 : 1));
    const start = (Math.max(1, Number(query.get("page") ?? 1)) - 1) * limit;
    const items = sorted.slice(start, start + limit).map((row) => pick(row, query));
    return ok({ items, has_more: items.length >= limit });
  }
}

const ok = (body: object): FakeAnswer => ({ status: 200, body });

/** With a stack trace, as Joplin does. */
const refused = (status: number, words: string): FakeAnswer => ({
  status,
  body: {
    error: `${words}: \n\nError: ${words}\n    at Api.route (/usr/lib/joplin/services/rest/Api.js:144:14)`,
  },
});

function one(row: Record<string, unknown> | undefined, query: URLSearchParams): FakeAnswer {
  return row === undefined ? refused(404, "Not Found") : ok(pick(row, query));
}

function pick(row: Record<string, unknown>, query: URLSearchParams): Record<string, unknown> {
  const fields = (query.get("fields") ?? "id,parent_id,title,deleted_time").split(",");
  return Object.fromEntries(fields.filter((field) => field in row).map((field) => [field, row[field]]));
}
