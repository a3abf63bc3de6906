import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { eachOnce } from "../each-once.ts";
import { ItemFields } from "../item-fields.ts";
import { isRecord, type ParsedItem, pageOf } from "../json-list/parsed-item.ts";
import type {
  DownloadedMedia,
  ListRequest,
  MediaRequest,
  MemoryPage,
  MemorySource,
  SourceInfo,
} from "../memory-source.ts";
import { noMedium } from "../save-media.ts";
import { ServedSource } from "../served-source.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import type { SourceServerOptions } from "../source-server.ts";
import { walkByKey } from "../walk-by-key.ts";
import type { MemosAccount, TimeBounds } from "./dialect.ts";
import { filesOf, firstOf, idOf, readMemo, secondOf } from "./memo.ts";
import { MemosApi, type MemosPage, type MemosSession, type MemosState } from "./memos-api.ts";
import type { MemosOptions } from "./settings.ts";

/** More are not given. */
const mostAtOnce = 1000;

/** One walk through a part of the list. */
interface Part {
  state: MemosState;
  bounds: TimeBounds;
  /** Where to begin, in seconds; null for the beginning. */
  begin: number | null;
}

/**
 * Memos over its API. It has no contexts: whatever the connector calls its context, it holds all chosen memos of the token's account.
 */
export class MemosSource extends ServedSource implements MemorySource {
  readonly capabilities: SourceCapabilities = {
    consistency: "keyset",
    // An edit through the API, an archived memo and an added file leave the time of change as it was.
    since: { by: "event", isReliable: false },
    deletes: "diff",
    complete: "yes",
    identity: "account",
    byId: true,
    media: ["audio", "image"],
  };
  readonly #options: MemosOptions;
  readonly #api: MemosApi;
  readonly #pageSize: number;

  constructor(options: MemosOptions & SourceServerOptions) {
    super(options, {
      title: "Memos",
      service: "memos",
      keyName: "token",
      headers: { authorization: `Bearer ${options.token}` },
    });
    this.#options = options;
    this.#pageSize = options.pageSize ?? mostAtOnce;
    this.#api = new MemosApi(this.server);
  }

  list(request: ListRequest, signal: AbortSignal): AsyncIterable<MemoryPage> {
    const { scope } = request;
    return scope.kind === "named" ? this.#named(scope.ids, signal) : eachOnce(this.#pages(request, signal));
  }

  /** As a list would show them: not what the account only may see, nor what is archived where that is left out. */
  async *#named(ids: readonly string[], signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const { account } = await this.#api.open(signal);
    const memos = await Promise.all(ids.map((id) => this.#api.memo(id, signal)));
    const states = this.#states();
    const listed = memos.filter(
      (memo) => memo !== undefined && (!isRecord(memo) || states.includes(memo.state as MemosState)),
    );
    yield { ...(await this.#read(listed, account, signal)), mayHaveDrifted: false };
  }

  #states(): MemosState[] {
    return this.#options.archived ? ["NORMAL", "ARCHIVED"] : ["NORMAL"];
  }

  async check(_contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    const { account, version } = await this.#api.open(signal);
    const { capabilities } = this;
    return { server: this.server.address, version, account: account.username, capabilities };
  }

  async download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia> {
    const memo = await this.#api.memo(request.memoryId, signal);
    const file = isRecord(memo) ? firstOf(filesOf(memo), request.kind) : undefined;
    if (file === undefined) throw noMedium(request);
    const segments = ["file", ...file.name.split("/"), file.filename];
    return this.server.download({ path: segments }, request, path, signal);
  }

  async *#pages(request: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const session = await this.#api.open(signal);
    let isOrdered = session.dialect.time !== null;
    for (const part of this.#parts(request)) {
      const walk = this.#walk(session, part, signal);
      for (;;) {
        const { value, done } = await walk.next();
        if (done) {
          isOrdered &&= value.isOrdered;
          break;
        }
        const page = await this.#read(value.items, session.account, signal);
        const isResumable = request.scope.kind === "everything" && value.next !== null;
        yield { ...page, ...(isResumable && { resume: `${part.state}:${value.next}` }) };
      }
    }
    // Up to 0.29, a token that was revoked meanwhile has got empty pages.
    await this.#api.account(session.version, signal);
    yield { memories: [], malformed: [], truncated: null, mayHaveDrifted: !isOrdered };
  }

  /** What is new in the memos' own times, and what has changed as far as times of change say so; or everything, from a place on. */
  #parts({ scope, resume = "" }: ListRequest): Part[] {
    const states = this.#states();
    if (scope.kind === "events") {
      const since = Math.floor(scope.since / 1000);
      const spans: TimeBounds[] = [{ createdSince: since }, { updatedSince: since }];
      return states.flatMap((state) => spans.map((bounds) => ({ state, bounds, begin: null })));
    }
    const [, reached = "NORMAL", second = ""] = /^(NORMAL|ARCHIVED):(\d{1,12})$/u.exec(resume) ?? [];
    const first = Math.max(0, states.indexOf(reached as MemosState));
    return states.slice(first).map((state, index) => {
      return { state, bounds: {}, begin: index === 0 && second !== "" ? Number(second) : null };
    });
  }

  #walk(session: MemosSession, { state, bounds, begin }: Part, signal: AbortSignal) {
    const canBegin = session.dialect.time !== null;
    return walkByKey<unknown>(
      {
        page: (createdUntil, token) =>
          this.#page(session, { state, bounds: { ...bounds, createdUntil }, token }, signal),
        idOf,
        keyOf: (item) => (canBegin ? secondOf(item) : null),
        isBefore: (one, other) => one > other,
      },
      canBegin ? begin : null,
    );
  }

  /** Fewer at once where their texts are long. */
  async #page(
    session: MemosSession,
    query: { state: MemosState; bounds: TimeBounds; token: string | null },
    signal: AbortSignal,
  ): Promise<MemosPage> {
    for (let size = this.#pageSize; ; size = Math.ceil(size / 10)) {
      try {
        return await this.#api.page(session, { ...query, size }, signal);
      } catch (error) {
        const isTooLarge = error instanceof ConnectorError && error.code === "SOURCE_ANSWER_TOO_LARGE";
        if (!isTooLarge || size === 1 || query.token !== null) throw error;
      }
    }
  }

  async #read(items: readonly unknown[], account: MemosAccount, signal: AbortSignal): Promise<MemoryPage> {
    const chosen = items.filter((item) => !isRecord(item) || this.#isChosen(item, account));
    return pageOf(await Promise.all(chosen.map((item) => this.#readOne(item, account, signal))));
  }

  /** Lists hold the public and protected memos of others, too. */
  #isChosen({ creator, visibility }: Record<string, unknown>, { name, username }: MemosAccount): boolean {
    if (typeof creator === "string" && creator !== name && creator !== `users/${username}`) return false;
    return typeof visibility !== "string" || this.#options.visibility.includes(visibility.toLowerCase());
  }

  async #readOne(item: unknown, account: MemosAccount, signal: AbortSignal): Promise<ParsedItem> {
    const id = idOf(item);
    const comments = this.#options.comments && id !== "" ? await this.#api.comments(id, signal) : [];
    const said = comments.filter(isRecord).map((comment) => new ItemFields(comment));
    const texts = said
      .map((fields) => ({ at: fields.optionalTime("createTime") ?? "", text: commentText(fields, account) }))
      .toSorted((one, other) => (one.at < other.at ? -1 : 1))
      .map(({ text }) => text);
    return readMemo(item, { comments: texts, page: `${this.server.address}/memos` });
  }
}

/** `Comment by ben: A good idea.`, or without a name where it is the account's own. */
function commentText(fields: ItemFields, { name, username }: MemosAccount): string {
  const text = fields.optional("content");
  if (text === null) return "";
  const creator = fields.optional("creator") ?? name;
  const isOwn = creator === name || creator === `users/${username}`;
  return `Comment${isOwn ? "" : ` by ${creator.replace(/^users\//u, "")}`}: ${text}`;
}
