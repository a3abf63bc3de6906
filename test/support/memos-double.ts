import { type FakeAnswer, type FakeRequest, FakeServer } from "./fake-server.ts";

export type Memo = Record<string, unknown> & {
  name: string;
  createTime: string;
  updateTime: string;
  content: string;
};

/** The versions that differ, as they were measured or read. */
export const memosVersions = ["0.24.4", "0.25.3", "0.26.1", "0.27.1", "0.29.0", "0.30.0", "dev"] as const;

type MemosVersion = (typeof memosVersions)[number];

/** The API of Memos as each version has it. */
export class MemosDouble extends FakeServer {
  readonly version: MemosVersion;
  token = "memos_pat_0123456789abcdef";
  url = "";
  now = Date.UTC(2026, 2, 1, 8, 15);
  /** Whether times in filters are known. */
  knowsTimes = true;
  /** Newest rows last. */
  readonly memos = new Map<string, Memo>();
  readonly comments = new Map<string, Memo[]>();
  readonly files = new Map<string, { type: string; bytes: Buffer }>();

  private constructor(version: MemosVersion) {
    super();
    this.version = version;
  }

  static async start(version: MemosVersion): Promise<MemosDouble> {
    const memos = new MemosDouble(version);
    memos.url = await memos.serve((request) => memos.#answer(request));
    return memos;
  }

  /** 30 of 0.30; a build of one's own is as new as that. */
  get #minor(): number {
    return this.version === "dev" ? 30 : Number(this.version.split(".")[1]);
  }

  /** How the account's own memos name it. */
  get owner(): string {
    return this.#minor < 27 ? "users/1" : "users/ada";
  }

  /** Adds or changes a memo. An edit moves no time. */
  put(id: string, memo: Partial<Memo>): void {
    const name = `memos/${id}`;
    const time = new Date(this.now).toISOString().replace(".000Z", "Z");
    const files = this.#minor < 25 ? { resources: [] } : { attachments: [] };
    this.memos.set(id, {
      ...{ name, state: "NORMAL", creator: this.owner, createTime: time, updateTime: time, content: "" },
      ...(this.#minor < 28 && { displayTime: time }),
      ...{
        visibility: "PRIVATE",
        tags: [],
        pinned: false,
        relations: [],
        reactions: [],
        snippet: "",
        ...files,
      },
      ...{ property: { hasLink: false, hasTaskList: false, ...(this.#minor >= 27 && { title: "" }) } },
      ...(this.#minor < 25 && { nodes: [{ type: "PARAGRAPH" }] }),
      ...this.memos.get(id),
      ...memo,
    });
  }

  #answer({ method, url, headers }: FakeRequest): FakeAnswer {
    const isKnown = headers.authorization === `Bearer ${this.token}`;
    const path = url.pathname.replace(/^\/api\/v1/u, "");
    const [, kind, id = "", part, name = ""] = path.split("/").map(decodeURIComponent);
    if (path === this.#profilePath) return ok({ owner: this.owner, version: this.version, mode: "prod" });
    if (`${method} ${path}` === this.#whoAmI) return isKnown ? ok(this.#account()) : unauthenticated;
    if (path === "/memos") return this.#list(url.searchParams, isKnown);
    if (kind === "file") return isKnown ? this.#file(`${id}/${part}`, name) : unauthenticated;
    if (kind === "memos" && part === "comments")
      return ok({ memos: this.comments.get(id) ?? [], nextPageToken: "", totalSize: 0 });
    const memo = kind === "memos" && part === undefined && isKnown ? this.memos.get(id) : undefined;
    return memo === undefined ? notFound : ok(memo);
  }

  get #profilePath(): string {
    return this.#minor < 25 ? "/workspace/profile" : "/instance/profile";
  }

  get #whoAmI(): string {
    if (this.#minor < 25) return "POST /auth/status";
    return this.#minor < 26 ? "GET /auth/sessions/current" : "GET /auth/me";
  }

  #account(): object {
    const user = { name: this.owner, role: "HOST", username: "ada", email: "ada@example.org" };
    return this.#minor < 25 ? user : { user };
  }

  #file(name: string, filename: string): FakeAnswer {
    const file = this.files.get(name);
    if (file === undefined || filename === "") return notFound;
    return { status: 200, body: file.bytes, headers: { "content-type": file.type } };
  }

  #list(query: URLSearchParams, isKnown: boolean): FakeAnswer {
    if (!isKnown && this.#minor >= 30) return unauthenticated;
    if (!isKnown) return this.#minor < 25 ? ok([]) : ok({ memos: [], nextPageToken: "" });
    const wanted = this.#predicate(query.get("filter") ?? "");
    const isOrder = /^(create_time|update_time)( asc| desc)?$/u.test(query.get("orderBy") ?? "create_time");
    if (wanted === null || !isOrder)
      return { status: 400, body: { code: 3, message: "invalid filter: undeclared reference", details: [] } };
    return ok(this.#page([...this.memos.values()].filter(wanted), query));
  }

  #page(memos: readonly Memo[], query: URLSearchParams): object {
    const state = query.get("state") || "NORMAL";
    const token = Buffer.from(query.get("pageToken") ?? "", "base64").toString() || "[]";
    const [limit = 0, offset = 0] = JSON.parse(token) as number[];
    const size = limit || Math.min(1000, Number(query.get("pageSize")) || (this.#minor < 30 ? 10 : 50));
    // Ties: the newer row first.
    const rows = memos.filter((memo) => memo.state === state).toReversed();
    const sorted = rows.toSorted((one, other) => Date.parse(other.createTime) - Date.parse(one.createTime));
    const next = offset + size < sorted.length ? JSON.stringify([size, offset + size]) : "";
    return {
      memos: sorted.slice(offset, offset + size),
      nextPageToken: Buffer.from(next).toString("base64"),
    };
  }

  /** Null for a filter that this version does not know. */
  #predicate(filter: string): ((memo: Memo) => boolean) | null {
    const tests = filter
      .split(" && ")
      .filter(Boolean)
      .map((part) => this.#test(part));
    return tests.some((each) => each === null) ? null : (memo) => tests.every((each) => each?.(memo));
  }

  #test(part: string): ((memo: Memo) => boolean) | null {
    if (this.#minor < 27 && part === "creator_id == 1") return ({ creator }) => creator === "users/1";
    if (this.#minor >= 27 && part === 'creator == "users/ada"')
      return ({ creator }) => creator === "users/ada";
    const pattern =
      this.#minor >= 30
        ? /^(created|updated)_ts ([<>]=) timestamp\("([^"]+)"\)$/u
        : /^(created|updated)_ts ([<>]=) (\d+)$/u;
    const [, field, sign, value = ""] = (this.knowsTimes && pattern.exec(part)) || [];
    if (field === undefined) return null;
    const bound = this.#minor >= 30 ? Date.parse(value) : Number(value) * 1000;
    return ({ createTime, updateTime }) => {
      const at = Date.parse(field === "created" ? createTime : updateTime);
      return sign === "<=" ? at <= bound : at >= bound;
    };
  }
}

const ok = (body: object): FakeAnswer => ({ status: 200, body });
const notFound: FakeAnswer = { status: 404, body: { code: 5, message: "Not Found", details: [] } };
const unauthenticated: FakeAnswer = { status: 401, body: { code: 16, message: "user not authenticated" } };
