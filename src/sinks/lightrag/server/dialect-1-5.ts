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
