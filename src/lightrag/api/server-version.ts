import { ConnectorError } from "../../errors/connector-error.ts";
import type { Dialect } from "./dialect.ts";
import { dialect14 } from "./dialect-1-4.ts";
import { dialect15 } from "./dialect-1-5.ts";

/**
 * The dialect of a server version such as `1.4.9.9` or `1.5.7`. Releases of 1.x after 1.5 are taken to speak like 1.5.
 * Throws `SINK_UNSUPPORTED` for anything else.
 */
export function dialectOf(version: string, url: string): Dialect {
  const [, major, minor] = /^v?(\d+)\.(\d+)/u.exec(version) ?? [];
  if (major === "1" && Number(minor) >= 5) return dialect15;
  if (major === "1" && Number(minor) === 4) return dialect14;
  throw new ConnectorError("SINK_UNSUPPORTED", `LightRAG ${version || "of unknown version"} at ${url}`, {
    subject: url,
    hint: "use a LightRAG server of version 1.4 or a later 1.x",
  });
}
