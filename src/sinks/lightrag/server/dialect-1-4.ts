import { documentIdOf } from "../document-id.ts";
import type { Dialect } from "./dialect.ts";

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
