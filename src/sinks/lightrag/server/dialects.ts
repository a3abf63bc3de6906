import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { documentIdOf } from "../document-id.ts";
import type { Dialect } from "./dialect.ts";
import { detailOf } from "./errors.ts";

/** LightRAG 1.5: a document is its name; a name that is taken is refused with 409. */
export const dialect15: Dialect = {
  generation: "1.5",
  maxBatch: 50,
  documentId: (document) => documentIdOf("1.5", document),
  readAnswer: (_status, trackId) => ({ kind: "accepted", trackId }),
  // Other 409s are fences: a deletion, a scan or a retry of failed documents is running (LightRAG contract §3.4).
  isConflict: (refusal) => refusal.status === 409 && detailOf(refusal).includes("already contains"),
};

/** LightRAG 1.4: a document is its text; a duplicate is answered with 200 `duplicated` and the track id of what is there. */
export const dialect14: Dialect = {
  generation: "1.4",
  maxBatch: 1,
  documentId: (document) => documentIdOf("1.4", document),
  readAnswer: (status, trackId) =>
    status === "duplicated"
      ? { kind: "exists", trackId: trackId || undefined }
      : { kind: "accepted", trackId },
  isConflict: () => false,
};

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
