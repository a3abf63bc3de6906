import type { FastifyReply, FastifyRequest } from "fastify";
import type { KeyHolder } from "../../access/api-keys.ts";
import type { AuditAction } from "../../access/audit/audit-action.ts";
import type { AuditLog } from "../../access/audit/audit-log.ts";
import { csrfTokenOf, type Sessions } from "../../access/sessions.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { isOwnPage } from "../../kernel/inbound/foreign-caller.ts";
import type { OwnHosts } from "../../kernel/inbound/own-hosts.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { ApiRole } from "../../state/record-stores.ts";
import type { Authenticator, Caller } from "./authenticator.ts";
import { clientAddress } from "./client-address.ts";
import type { SessionCookie } from "./session-cookie.ts";
import type { Tickets } from "./tickets.ts";

/** What signs a browser in: a key, or the link that the service has printed. */
export interface SignInProof {
  key?: string | undefined;
  link?: string | undefined;
}

/** Who a caller is. */
export interface WhoAmI {
  role: ApiRole;
  /** Of the key; null where no key is asked for. */
  keyId: string | null;
  /** Of the key; null where it has none, and where no key is asked for. */
  name: string | null;
  /** Milliseconds since the epoch; null for no end. */
  expiresAt: number | null;
  /** To be sent with every change; null for a caller without a cookie. */
  csrf: string | null;
}

/** An answer with the `Set-Cookie` header that belongs to it; null where the browser keeps what it has. */
export interface WithCookie<Answer> {
  answer: Answer;
  cookie: string | null;
}

export interface BrowserSessionsOptions {
  authenticate: Authenticator;
  sessions: Sessions;
  cookie: SessionCookie;
  links: Pick<Tickets, "redeem">;
  hosts: OwnHosts;
  audit: Pick<AuditLog, "record">;
  clock: Pick<Clock, "now">;
}

/** Where no key is asked for, whoever calls may do everything. */
const anybody: WhoAmI = { role: "admin", keyId: null, name: null, expiresAt: null, csrf: null };

/** Signs browsers in and out. */
export class BrowserSessions {
  readonly #options: BrowserSessionsOptions;

  constructor(options: BrowserSessionsOptions) {
    this.#options = options;
  }

  /** Ends the browser's earlier session. Throws as `Authenticator` does, and `API_ORIGIN_REFUSED` for a page that is not ours. */
  async signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { key, link = "" }: SignInProof,
  ): Promise<WithCookie<WhoAmI>> {
    const { authenticate, sessions, cookie, links, hosts, clock } = this.#options;
    if (!isOwnPage(request.raw, hosts)) {
      throw new ConnectorError("API_ORIGIN_REFUSED", "only the service's own page signs in");
    }
    const shown = key === undefined ? links.redeem(link) : { kind: "key" as const, secret: key };
    const { holder } = await authenticate(
      "viewer",
      request,
      reply,
      shown ?? { kind: "link" as const, secret: link },
    );
    if (holder === null) return { answer: anybody, cookie: null };
    const earlier = cookie.read(request);
    if (earlier !== null) await sessions.close(earlier);
    const { token, session } = await sessions.open(holder);
    await this.#record("session.open", holder, request);
    const answer = whoIs(holder, session.endsAt, csrfTokenOf(token));
    return { answer, cookie: cookie.write(token, session.endsAt - clock.now(), request) };
  }

  async whoIs({ credential, holder }: Caller): Promise<WhoAmI> {
    if (credential === null || holder === null) return anybody;
    if (credential.kind === "key") return whoIs(holder, holder.endsAt, null);
    const session = await this.#options.sessions.find(credential.secret, { isLook: true });
    return whoIs(holder, session?.endsAt ?? null, csrfTokenOf(credential.secret));
  }

  /** Whether there was a session to end: a caller with a key has none. */
  async signOut(request: FastifyRequest, { credential, holder }: Caller): Promise<WithCookie<boolean>> {
    if (credential?.kind !== "session" || holder === null) return { answer: false, cookie: null };
    const { sessions, cookie } = this.#options;
    await sessions.close(credential.secret);
    await this.#record("session.close", holder, request);
    return { answer: true, cookie: cookie.clear(request) };
  }

  #record(action: AuditAction, { id, name, role }: KeyHolder, request: FastifyRequest): Promise<void> {
    const actor = { kind: "api-key", id, name } as const;
    const origin = { actor, address: clientAddress(request), requestId: request.id };
    return this.#options.audit.record(origin, { action, subject: id, after: { role } });
  }
}

function whoIs({ id, role, name }: KeyHolder, expiresAt: number | null, csrf: string | null): WhoAmI {
  return { role, keyId: id, name, expiresAt, csrf };
}
