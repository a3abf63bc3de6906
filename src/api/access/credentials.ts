import type { FastifyRequest } from "fastify";
import type { ApiKeys, KeyInForce } from "../../access/api-keys.ts";
import type { Sessions } from "../../access/sessions.ts";
import { isOwnPage } from "../../kernel/inbound/foreign-caller.ts";
import type { OwnHosts } from "../../kernel/inbound/own-hosts.ts";
import type { SessionCookie } from "./session-cookie.ts";

/** What a caller shows: a key, the token of its browser's session, or a link that stands for no key, or for none any more. */
export interface Credential {
  kind: "key" | "session" | "link";
  secret: string;
}

export interface CredentialsOptions {
  keys: Pick<ApiKeys, "holderOf" | "noteUse">;
  sessions: Pick<Sessions, "find" | "whyNone">;
  cookie: SessionCookie;
  hosts: OwnHosts;
}

/** The credentials of requests, and who holds them. */
export class Credentials {
  readonly #options: CredentialsOptions;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** A key in the headers, or else the cookie of a signed-in browser, which speaks for requests of our own page alone. */
  sentBy(request: FastifyRequest): Credential | null {
    const key = keyOf(request);
    if (key !== null) return { kind: "key", secret: key };
    const { cookie, hosts } = this.#options;
    const token = cookie.read(request);
    return token !== null && isOwnPage(request.raw, hosts) ? { kind: "session", secret: token } : null;
  }

  /** Null for a credential that is wrong, or not in force any more. Counts as a use of session and key. */
  async holderOf(credential: Credential): Promise<KeyInForce | null> {
    const holder = await this.#find(credential, false);
    if (holder !== null) await this.#options.keys.noteUse(holder);
    return holder;
  }

  /** The same without counting as a use, as for a stream that is only open. */
  async isInForce(credential: Credential): Promise<boolean> {
    return (await this.#find(credential, true)) !== null;
  }

  /** Why the token of a browser's session stands for nobody any more. */
  whyNone({ secret }: Credential): Promise<string> {
    return this.#options.sessions.whyNone(secret);
  }

  async #find({ kind, secret }: Credential, isLook: boolean): Promise<KeyInForce | null> {
    const { keys, sessions } = this.#options;
    if (kind === "link") return null;
    return kind === "key"
      ? keys.holderOf(secret)
      : ((await sessions.find(secret, { isLook }))?.holder ?? null);
  }
}

function keyOf({ headers }: FastifyRequest): string | null {
  const key = headers["x-api-key"];
  if (typeof key === "string" && key !== "") return key;
  return /^Bearer +(\S+)$/iu.exec(headers.authorization ?? "")?.[1] ?? null;
}
