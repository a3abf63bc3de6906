import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { isRecord } from "../json-list/parsed-item.ts";
import type { Call, SourceServer } from "../source-server.ts";
import {
  filterText,
  type MemosAccount,
  type MemosDialect,
  type TimeBounds,
  triedFilters,
} from "./dialect.ts";

/** A server and who is asked for; found out before each list, since a server may be upgraded at any time. */
export interface MemosSession {
  account: MemosAccount;
  /** As the server says it: `0.30.0`, or a word for a build of one's own. */
  version: string | null;
  dialect: MemosDialect;
}

export interface MemosPage {
  items: unknown[];
  next: string | null;
}

export type MemosState = "NORMAL" | "ARCHIVED";

const api = ["api", "v1"];
/** What the versions answer the question with whose token it is, newest first. */
const whoAmI = [
  { from: 26, call: { method: "GET", path: [...api, "auth", "me"] } },
  { from: 25, call: { method: "GET", path: [...api, "auth", "sessions", "current"] } },
  { from: 0, call: { method: "POST", path: [...api, "auth", "status"] } },
] as const;
const profiles = [
  [...api, "instance", "profile"],
  [...api, "workspace", "profile"],
];

/** The API of Memos, 0.24 to 0.30. */
export class MemosApi {
  readonly #server: SourceServer;

  constructor(server: SourceServer) {
    this.#server = server;
  }

  /** Asks who the server is, whose token it has, and which filters it knows. */
  async open(signal: AbortSignal): Promise<MemosSession> {
    const version = await this.#version(signal);
    const account = await this.account(version, signal);
    return { account, version, dialect: await this.#dialect(version, account, signal) };
  }

  /** Throws `SOURCE_UNAUTHORIZED` for a token that is nobody's: up to 0.29 it would get an empty list. */
  async account(version: string | null, signal: AbortSignal): Promise<MemosAccount> {
    const minor = minorOf(version) ?? 26;
    const calls = whoAmI.toSorted((one, other) => Number(other.from <= minor) - Number(one.from <= minor));
    for (const { call } of calls) {
      const answer = await this.#whereThere(call, signal);
      if (answer !== undefined) return toAccount(answer, this.#server.address);
    }
    throw this.#unexpected("it does not say whose token it has");
  }

  /** A page of a list, in the order of making, newest first. `token` is from the page before and decides everything but the filter. */
  async page(
    { dialect }: Pick<MemosSession, "dialect">,
    query: { state: MemosState; bounds: TimeBounds; size: number; token: string | null },
    signal: AbortSignal,
  ): Promise<MemosPage> {
    const { state, bounds, size, token } = query;
    const filter = filterText(dialect, bounds);
    const asked = { state, pageSize: size, filter, pageToken: token ?? undefined, ...dialect.order };
    return this.#memos({ path: [...api, "memos"], query: asked }, signal);
  }

  /** The comments on a memo, as they come. */
  async comments(id: string, signal: AbortSignal): Promise<unknown[]> {
    const path = [...api, "memos", id, "comments"];
    return (
      (
        await this.#whereThere({ path, query: { pageSize: 1000 } }, signal, (call) =>
          this.#memos(call, signal),
        )
      )?.items ?? []
    );
  }

  /** A memo; undefined when it is gone. */
  async memo(id: string, signal: AbortSignal): Promise<unknown> {
    return this.#whereThere({ path: [...api, "memos", id] }, signal);
  }

  async #version(signal: AbortSignal): Promise<string | null> {
    for (const path of profiles) {
      const profile = await this.#whereThere({ path }, signal);
      if (profile === undefined) continue;
      if (!isRecord(profile) || typeof profile.version !== "string") break;
      return profile.version === "" ? null : profile.version;
    }
    throw this.#unexpected("it does not answer as Memos from 0.24 on does");
  }

  async #dialect(version: string | null, account: MemosAccount, signal: AbortSignal): Promise<MemosDialect> {
    const minor = minorOf(version);
    const now = Math.floor(Date.now() / 1000);
    for (const dialect of triedFilters(minor, account)) {
      const query = { state: "NORMAL", bounds: { createdUntil: now }, size: 1, token: null } as const;
      const isKnown = await this.page({ dialect }, query, signal).then(() => true, isNotRefusal);
      if (isKnown) return dialect;
    }
    throw this.#unexpected("it refuses a plain list");
  }

  async #memos(call: Call, signal: AbortSignal): Promise<MemosPage> {
    const answer = await this.#server.json(call, signal);
    // 0.24 answers a wrong token so.
    if (Array.isArray(answer) && answer.length === 0) return { items: [], next: null };
    if (!isRecord(answer) || !Array.isArray(answer.memos))
      throw this.#unexpected("the answer is no list of memos");
    const { memos, nextPageToken: next } = answer;
    return { items: memos, next: typeof next === "string" && next !== "" ? next : null };
  }

  async #whereThere<Answer = unknown>(
    call: Call,
    signal: AbortSignal,
    ask: (call: Call) => Promise<Answer> = (asked) => this.#server.json(asked, signal) as Promise<Answer>,
  ): Promise<Answer | undefined> {
    return ask({ ...call, notFound: "MEMORY_NOT_FOUND" }).catch((error: unknown) => {
      if (isCode(error, "MEMORY_NOT_FOUND")) return undefined;
      throw error;
    });
  }

  #unexpected(what: string): ConnectorError {
    return new ConnectorError("SOURCE_BAD_ANSWER", `Memos: ${what}`, {
      subject: this.#server.address,
      hint: "check that the source's url is the address of Memos itself, as a browser has it, without a path of its pages",
    });
  }
}

/** 30 of `0.30.1`; null for a build of one's own. A version 1 would be newer than all of them. */
function minorOf(version: string | null): number | null {
  const [, major = "", minor = ""] = /^v?(\d+)\.(\d+)/u.exec(version ?? "") ?? [];
  if (major === "") return null;
  return Number(major) > 0 ? Number.POSITIVE_INFINITY : Number(minor);
}

function toAccount(answer: unknown, address: string): MemosAccount {
  const user = isRecord(answer) && isRecord(answer.user) ? answer.user : answer;
  const name = isRecord(user) && typeof user.name === "string" ? user.name : "";
  const [, id = ""] = /^users\/(.+)$/u.exec(name) ?? [];
  if (id === "") {
    const hint = "check the connector's source.token, or the variable that it comes from";
    throw new ConnectorError("SOURCE_UNAUTHORIZED", "Memos: the token is nobody's", {
      subject: address,
      hint,
    });
  }
  const username =
    isRecord(user) && typeof user.username === "string" && user.username !== "" ? user.username : id;
  return { name, username };
}

/** False for a filter that the version does not know. */
function isNotRefusal(error: unknown): boolean {
  if (isCode(error, "SOURCE_REFUSED")) return false;
  throw error;
}

const isCode = (error: unknown, code: string) => error instanceof ConnectorError && error.code === code;
