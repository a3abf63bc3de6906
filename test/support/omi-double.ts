import { type FakeAnswer, type FakeRequest, FakeServer } from "./fake-server.ts";

type Item = Record<string, unknown> & { id: string };

/** A fact as Omi writes it. */
export const omiFact = {
  ...{
    id: "m-1",
    content: "Ada plans a garden",
    category: "interests",
    visibility: "private",
    tags: ["garden"],
  },
  ...{ created_at: "2026-03-01T07:20:00+00:00", updated_at: "2026-03-02T07:20:00+00:00" },
  ...{ manually_added: false, reviewed: true, edited: false },
};

/** Omi's developer API, as its documents and its official client have it. */
export class OmiDouble extends FakeServer {
  key = "omi_dev_0123456789abcdef0123456789";
  url = "";
  /** Fewer are given at once than asked for, if the server says so. */
  cap = 200;
  readonly conversations = new Map<string, Item>();
  readonly memories = new Map<string, Item>();

  static async start(): Promise<OmiDouble> {
    const omi = new OmiDouble();
    omi.url = await omi.serve((request) => omi.#answer(request));
    return omi;
  }

  #answer({ url, headers }: FakeRequest): FakeAnswer {
    if (headers.authorization !== `Bearer ${this.key}`)
      return { status: 401, body: { detail: "Invalid API key" } };
    const [, kind, id] =
      /^\/v1\/dev\/user\/(conversations|memories)(?:\/([^/]+))?$/u.exec(url.pathname) ?? [];
    if (kind === "conversations" && id !== undefined) {
      const found = this.conversations.get(decodeURIComponent(id));
      return found === undefined
        ? { status: 404, body: { detail: "Conversation not found" } }
        : { status: 200, body: found };
    }
    if (kind === "conversations") return this.#conversations(url.searchParams);
    if (kind === "memories" && id === undefined)
      return page(this.memories.values(), url.searchParams, this.cap);
    return { status: 404, body: { detail: "Not Found" } };
  }

  #conversations(query: URLSearchParams): FakeAnswer {
    const since = Date.parse(`${query.get("start_date") ?? "1970-01-01T00:00:00"}Z`);
    const all = [...this.conversations.values()].filter(
      ({ started_at: at }) => !(Date.parse(String(at)) < since),
    );
    const hasText = query.get("include_transcript") === "true";
    const items = hasText ? all : all.map(({ transcript_segments: _, ...rest }) => ({ ...rest }) as Item);
    return page(items, query, this.cap);
  }
}

/** Newest first. */
function page(items: Iterable<Item>, query: URLSearchParams, cap: number): FakeAnswer {
  const limit = Number(query.get("limit") ?? 25);
  if (!(limit >= 1 && limit <= 200)) return { status: 422, body: { detail: "limit" } };
  const offset = Number(query.get("offset") ?? 0);
  const sorted = [...items].toSorted((one, other) =>
    String(one.created_at) > String(other.created_at) ? -1 : 1,
  );
  return { status: 200, body: sorted.slice(offset, offset + Math.min(limit, cap)) };
}
