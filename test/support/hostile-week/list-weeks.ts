import { FakeServer } from "../fake-server.ts";
import { type Served, type ServedShape, ServedWeek } from "./served-week.ts";
import type { Said } from "./source-history.ts";
import { hasty, plainMemory, type WeekSetup } from "./week-source.ts";

/** How one kind of list writes an item, and its page. */
interface ListForm {
  item(said: Said): Record<string, unknown>;
  /** Puts something wrong into an item. */
  flaws: readonly Record<string, unknown>[];
  page(items: readonly string[], rest: Rest): string;
  emptied(body: object): object;
}

/** What a page can say of the others. */
interface Rest {
  /** Null where the server does not count. */
  total: number | null;
  /** Id of the last item on a page that is not the last one. */
  next: string | null;
  /** Where the next page begins, and its size. */
  following: { offset: number; size: number } | null;
}

interface Row {
  id: string;
  at: number;
  json: string;
}

const key = "key-0123456789abcdef";

/** A server that shows rows of JSON, newest first, in pages as its requests ask. */
class RowServer extends FakeServer {
  readonly rows = new Map<string, Row>();
  /** It never shows more at once. */
  cap = Number.POSITIVE_INFINITY;
  /** Whether it knows of pages. */
  pages = false;
  isCounted = true;
  /** What a wrong key gets. */
  wrongKey: "refusal" | "empty" = "refusal";
  key = key;
  readonly #form: ListForm;

  constructor(form: ListForm) {
    super();
    this.#form = form;
  }

  get listed(): Row[] {
    return [...this.rows.values()].sort((one, other) => other.at - one.at);
  }

  open(): Promise<string> {
    return this.serve(({ url, headers }) => {
      const isRight = headers["x-api-key"] === this.key;
      if (!isRight && this.wrongKey === "refusal") return { status: 401, body: { error: "no" } };
      if (url.pathname === "/me") return json(JSON.stringify({ user: { id: isRight ? 7 : 0 } }));
      return json(this.#page(isRight ? this.listed : [], url.searchParams));
    });
  }

  #page(all: readonly Row[], query: URLSearchParams): string {
    const size = Math.min(Number(query.get("size") ?? query.get("limit") ?? all.length), this.cap);
    const start = this.pages ? placeOf(all, query, size) : 0;
    const shown = all.slice(start, start + size);
    const hasMore = start + size < all.length;
    return this.#form.page(
      shown.map((row) => row.json),
      {
        total: this.isCounted ? all.length : null,
        next: hasMore ? (shown.at(-1)?.id ?? null) : null,
        following: hasMore ? { offset: start + size, size } : null,
      },
    );
  }
}

const json = (body: string) => ({ status: 200, body, headers: { "content-type": "application/json" } });

function placeOf(all: readonly Row[], query: URLSearchParams, size: number): number {
  const after = query.get("cursor");
  if (after !== null) return all.findIndex(({ id }) => id === after) + 1;
  return Number(query.get("offset") ?? (Number(query.get("page") ?? 1) - 1) * size);
}

/** What the server does, for `shapesOf`. */
type Begin = Partial<Pick<RowServer, "cap" | "pages" | "isCounted" | "wrongKey">>;

async function listWeek(
  setup: WeekSetup,
  form: ListForm,
  memoryOf: Served["memoryOf"],
  shapesOf: (url: string) => readonly (Omit<ServedShape, "begin"> & { server?: Begin })[],
): Promise<ServedWeek> {
  const server = new RowServer(form);
  const url = await server.open();
  const honest = {
    cap: Number.POSITIVE_INFINITY,
    pages: false,
    isCounted: true,
    wrongKey: "refusal",
  } as const;
  const shapes = shapesOf(url).map(({ server: begin, ...shape }) => ({
    ...shape,
    begin: () => void Object.assign(server, honest, begin),
  }));
  const put = (said: Said, text: string) =>
    void server.rows.set(said.id, { id: said.id, at: said.at, json: text });
  return new ServedWeek(
    {
      ...{ server, shapes, memoryOf, emptied: form.emptied },
      put: (said) => put(said, JSON.stringify(form.item(said))),
      spoil: (said, random) => {
        const item = form.item(said);
        const whole = JSON.stringify(item);
        const content = random.pick([
          ...form.flaws.map((flaw) => JSON.stringify({ ...item, ...flaw })),
          whole.replace('"type"', '"location_lat":NaN,"type"'),
          whole.replace(/\}$/u, ",}"),
          JSON.stringify({ ...item, id: undefined }),
          "null",
          '"a string"',
        ]);
        put(said, content);
        return { letter: content.includes('"id"') ? said.id : null, content };
      },
      delete: (id) => void server.rows.delete(id),
      order: () => server.listed.map(({ id }) => id),
      isList: ({ url: { pathname } }) => pathname !== "/me",
      revokeKeys: () => {
        server.key = "another";
        return () => {
          server.key = key;
        };
      },
    },
    setup,
  );
}

/** A Memory API, whose list may be capped or paged. */
export function memoryApiWeek(setup: WeekSetup): Promise<ServedWeek> {
  const form: ListForm = {
    item: ({ id, text, at }) => ({
      ...{ id, type: "note", audio: false, image: false, transcript: text },
      created_at: new Date(at).toISOString(),
    }),
    flaws: [{ created_at: "soon" }, { transcript: 7 }],
    page: (items, { total }) =>
      `{"memories":[${items.join(",")}],${total === null ? `"count":${items.length}` : `"total":${total}`}}`,
    emptied: () => ({ memories: [], count: 0 }),
  };
  const shapesOf = (url: string) =>
    (
      [
        ["none", Number.POSITIVE_INFINITY, true],
        ["none", Number.POSITIVE_INFINITY, false],
        ["none", 50, false],
        ["none", 30, true],
        ["offset", 40, true],
        ["offset", 25, false],
      ] as const
    ).map(([paging, cap, hasTotal]) => ({
      name: `${paging}/${cap}${hasTotal ? "" : " uncounted"}`,
      settings: {
        ...{ type: "memory_api" as const, url, api_key: key, ...hasty, retry_backoff: 1, paging },
      },
      ...(paging === "none" ? { cap } : { limit: cap }),
      server: { cap, pages: paging !== "none", isCounted: hasTotal },
    }));
  return listWeek(setup, form, (said) => plainMemory(said), shapesOf);
}

/** A declared list, in every style of paging. */
export function httpJsonWeek(setup: WeekSetup): Promise<ServedWeek> {
  const form: ListForm = {
    item: ({ id, text, at }) => ({ id, type: "note", text, at: new Date(at).toISOString() }),
    flaws: [{ at: "soon" }, { text: { a: 1 } }],
    page: (items, { total, next, following }) => {
      const link = following === null ? null : `?offset=${following.offset}&size=${following.size}`;
      const meta = JSON.stringify({ next, link, total, more: following !== null });
      return `{"data":{"notes":[${items.join(",")}]},"meta":${meta}}`;
    },
    emptied: () => ({ data: { notes: [] }, meta: { next: null, link: null, more: false } }),
  };
  const sized = { size_parameter: "size", size: 20 };
  const shapesOf = (url: string) => {
    const settings = {
      ...{ type: "http_json" as const, url, path: "/notes", api_key: key, ...hasty, retry_backoff: 1 },
      ...{ auth: { name: "x-api-key" }, items: "data.notes", fields: { created_at: "at" } },
    };
    const account = { path: "/me", field: "user.id" };
    return [
      { name: "one answer", settings },
      { name: "one answer, of an account", settings: { ...settings, account }, server: empty },
      { name: "one answer, to any key", settings, server: empty },
      ...(
        [
          { style: "page", ...sized },
          { style: "page", ...sized, more: "meta.more", total: "meta.total" },
          { style: "offset", ...sized },
          { style: "offset", ...sized, total: "none" },
          { style: "cursor", ...sized, next: "meta.next" },
          { style: "link", ...sized, next: "meta.link" },
        ] as const
      ).map((paging) => ({
        name: `${paging.style}${"total" in paging ? ` total ${paging.total}` : ""}`,
        settings: { ...settings, paging },
        server: { pages: true },
      })),
    ];
  };
  return listWeek(setup, form, (said) => plainMemory(said), shapesOf);
}

const empty = { wrongKey: "empty" } as const;
