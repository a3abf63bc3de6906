/** The host and port that a `Host` header, an origin or a request line names. */
export interface Authority {
  /** In lower case, without a trailing dot; an IP address in its shortest form, without brackets. */
  name: string;
  /** Null when none is given. */
  port: number | null;
}

/** Of `name`, `name:port` or `[address]:port`; null for anything else, such as a text with a login in it. */
export function parseAuthority(text: string): Authority | null {
  const [, host, port] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/iu.exec(text) ?? [];
  if (host === undefined) return null;
  // The URL parser knows every spelling of an address: `[0:0::1]`, `0x7f.1`.
  const hostname = URL.parse(`http://${host}/`)?.hostname;
  if (hostname === undefined) return null;
  const name = hostname.replace(/^\[|\]$/gu, "").replace(/\.$/u, "");
  return { name, port: port === undefined ? null : Number(port) };
}

const defaultPorts: ReadonlyMap<string, number> = new Map([
  ["http:", 80],
  ["https:", 443],
]);

/** Of an origin as browsers send it, `https://name:port`; its port is never null. Null for `null` and anything else. */
export function originAuthority(origin: string): Authority | null {
  const [, scheme = "", rest = ""] = /^(https?:)\/\/([^/?#]*)$/iu.exec(origin) ?? [];
  const authority = parseAuthority(rest);
  return (
    authority && { ...authority, port: authority.port ?? defaultPorts.get(scheme.toLowerCase()) ?? null }
  );
}
