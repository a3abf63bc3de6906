import type { FastifyRequest } from "fastify";

/**
 * The cookie of a signed-in browser. Browsers tell cookies apart by host and name, and not by port: so it is named after the state that its
 * session lies in, and services on other ports or below other paths of the same host have cookies of their own.
 */
export class SessionCookie {
  readonly #name: string;
  readonly #path: string;

  /** `realm`: see `SessionStore`. */
  constructor(realm: string, basePath: string) {
    // A base path has no plus sign, so that no two of them make one name.
    this.#name = `mc_session_${realm}${basePath.replaceAll("/", "+")}`;
    this.#path = basePath === "" ? "/" : basePath;
  }

  /** The token that the browser sent; null for none. */
  read({ headers }: Pick<FastifyRequest, "headers">): string | null {
    const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim());
    const own = pairs.find((pair) => pair.startsWith(`${this.#name}=`));
    return own?.slice(this.#name.length + 1) || null;
  }

  /** A `Set-Cookie` header. Over plain HTTP, as on loopback, a browser would not keep a cookie that is `Secure`. */
  write(token: string, maxAgeMs: number, { protocol }: Pick<FastifyRequest, "protocol">): string {
    const fields = [
      `${this.#name}=${token}`,
      `Path=${this.#path}`,
      `Max-Age=${Math.max(0, Math.floor(maxAgeMs / 1000))}`,
      "HttpOnly",
      "SameSite=Strict",
      ...(protocol === "https" ? ["Secure"] : []),
    ];
    return fields.join("; ");
  }

  /** A `Set-Cookie` header that removes it. */
  clear(request: Pick<FastifyRequest, "protocol">): string {
    return this.write("", 0, request);
  }
}
