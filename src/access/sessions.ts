import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../kernel/util/clock.ts";
import type { SessionStore, StoredSession } from "../state/record-stores.ts";
import { type ApiKeys, type KeyInForce, sha256 } from "./api-keys.ts";

/** How often a session's last use is written down. Milliseconds. */
const touchEveryMs = 60_000;
/** Limit of sessions of all browsers; beyond it the oldest end. */
const mostSessions = 1000;

/** Milliseconds. */
export interface SessionLimits {
  idleMs: number;
  lifetimeMs: number;
}

export interface SessionsOptions {
  store: SessionStore;
  keys: Pick<ApiKeys, "inForce">;
  /** The current limits. */
  limits: () => SessionLimits;
  clock: Pick<Clock, "now">;
}

/** A session that was just opened. The token is shown only once: to the browser, as its cookie. */
export interface NewSession {
  token: string;
  session: Session;
}

export interface Session {
  /** The key that it stands for. */
  holder: KeyInForce;
  /** When it ends at the latest. Milliseconds since the epoch. */
  endsAt: number;
}

/**
 * Browsers that are signed in. A session stands for the key that it was opened with and ends with it: when the key is revoked, has
 * expired or got another role. It lies in the state store, so that every process on the state knows it, and knows of its end.
 */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  async open(holder: KeyInForce): Promise<NewSession> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const token = `mcs_${randomBytes(32).toString("base64url")}`;
    const stored: StoredSession = {
      id: idOf(token),
      keyId: holder.id,
      role: holder.role,
      proof: proofOf(token, holder).toString("hex"),
      createdAt: now,
      seenAt: now,
    };
    await store.save(stored);
    await this.#forgetEnded();
    return { token, session: this.#sessionOf(stored, holder) };
  }

  /** The session of a token; null for one that is unknown or has ended. Looking prolongs it, unless `isLook`. */
  async find(token: string, { isLook = false } = {}): Promise<Session | null> {
    const { store, keys, clock } = this.#options;
    const stored = await store.get(idOf(token));
    if (stored === null || this.#hasEnded(stored)) return null;
    const holder = (await keys.inForce()).find((key) => isOpenedWith(stored, token, key));
    if (holder === undefined) return null;
    if (!isLook && clock.now() - stored.seenAt >= touchEveryMs) {
      // A state that cannot be written to now shortens the session; its reader can still find out why.
      await store.touch(stored.id, clock.now()).catch(() => undefined);
    }
    return this.#sessionOf(stored, holder);
  }

  /** Why a token has no session, as it goes on after “this browser is not signed in any more”. Who has signed out left nothing behind. */
  async whyNone(token: string): Promise<string> {
    const { store, clock, limits } = this.#options;
    const stored = await store.get(idOf(token));
    if (stored === null) return "its session has ended";
    const { idleMs, lifetimeMs } = limits();
    if (clock.now() >= stored.createdAt + lifetimeMs) return "its session has lasted as long as one may";
    if (clock.now() >= stored.seenAt + idleMs) return "it has asked for nothing for too long";
    return "the key that its session stood for is no longer in force";
  }

  async close(token: string): Promise<void> {
    await this.#options.store.remove([idOf(token)]);
  }

  async #forgetEnded(): Promise<void> {
    const { store } = this.#options;
    const newestFirst = (await store.list()).toSorted((a, b) => b.createdAt - a.createdAt);
    const ended = newestFirst.filter((each, index) => index >= mostSessions || this.#hasEnded(each));
    if (ended.length > 0) await store.remove(ended.map(({ id }) => id));
  }

  #hasEnded(stored: StoredSession): boolean {
    const { clock, limits } = this.#options;
    return isOver(stored, limits(), clock.now());
  }

  #sessionOf({ createdAt }: StoredSession, holder: KeyInForce): Session {
    const endsAt = createdAt + this.#options.limits().lifetimeMs;
    return { holder, endsAt: Math.min(endsAt, holder.endsAt ?? endsAt) };
  }
}

/** Whether a session has lasted, or lain idle, for too long. */
export function isOver(
  { createdAt, seenAt }: StoredSession,
  { idleMs, lifetimeMs }: SessionLimits,
  now: number,
): boolean {
  return now >= createdAt + lifetimeMs || now >= seenAt + idleMs;
}

/**
 * What our own page sends with a change, beside the cookie. Derived from the token: a page that can neither read the cookie nor our
 * answers cannot know it.
 */
export function csrfTokenOf(token: string): string {
  return createHmac("sha256", token).update("csrf").digest("base64url");
}

/** Whether a request carries the CSRF token of this session. */
export function isCsrfTokenOf(token: string, sent: unknown): boolean {
  return typeof sent === "string" && timingSafeEqual(sha256(sent), sha256(csrfTokenOf(token)));
}

function idOf(token: string): string {
  return sha256(token).toString("hex");
}

function proofOf(token: string, { hash }: Pick<KeyInForce, "hash">): Buffer {
  return createHmac("sha256", token).update(hash).digest();
}

function isOpenedWith({ keyId, role, proof }: StoredSession, token: string, key: KeyInForce): boolean {
  return (
    keyId === key.id && role === key.role && timingSafeEqual(Buffer.from(proof, "hex"), proofOf(token, key))
  );
}
