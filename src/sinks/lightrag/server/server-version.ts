import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import type { Dialect } from "./dialect.ts";
import { dialect14 } from "./dialect-1-4.ts";
import { dialect15 } from "./dialect-1-5.ts";

/** What earlier releases of 1.4 do not have (LightRAG contract, corrections); the first line that fits counts. */
const lacking = [
  { before: 5, paths: "POST /documents/paginated: what LightRAG holds cannot be read" },
  { before: 9, paths: "POST /query/data and GET /graph/label/search: what LightRAG knows cannot be read" },
] as const;

/**
 * The dialect of a server version such as `1.4.9.9` or `1.5.7`. Releases of 1.x after 1.5 are taken to speak like 1.5.
 * Throws `SINK_UNSUPPORTED` for anything else, and for releases of 1.4 before 1.4.9.
 */
export function dialectOf(version: string, url: string): Dialect {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/u.exec(version) ?? [];
  if (major === "1" && Number(minor) >= 5) return dialect15;
  if (major === "1" && Number(minor) === 4) {
    const missing = patch === undefined ? undefined : lacking.find(({ before }) => Number(patch) < before);
    if (missing === undefined) return dialect14;
    throw new ConnectorError("SINK_UNSUPPORTED", `LightRAG ${version} at ${url} lacks ${missing.paths}`, {
      subject: url,
      hint: "upgrade the LightRAG server to 1.4.9 or a later 1.x",
    });
  }
  throw new ConnectorError("SINK_UNSUPPORTED", `LightRAG ${version || "of unknown version"} at ${url}`, {
    subject: url,
    hint: "use a LightRAG server of version 1.4.9 or a later 1.x",
  });
}
