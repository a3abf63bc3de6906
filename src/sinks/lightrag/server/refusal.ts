import type { HttpError } from "../../../kernel/http/http-error.ts";
import type { Dialect } from "./dialect.ts";
import { detailOf, isFenced } from "./errors.ts";

/**
 * What a failed insert means (LightRAG contract §3.4):
 * - `conflict`   a document of that name is there; nothing was taken
 * - `later`      not now; nothing was taken
 * - `too-large`  too many bytes or texts for one request; nothing was taken
 * - `invalid`    one of the documents is not acceptable; nothing was taken
 * - `lost`       the request was sent and its outcome is unknown
 * - `final`      nothing was taken, and the same call would fail again
 */
export type Refusal = "conflict" | "later" | "too-large" | "invalid" | "lost" | "final";

const byStatus: Readonly<Record<number, Refusal>> = {
  400: "invalid",
  408: "lost",
  409: "later",
  413: "too-large",
  422: "invalid",
  429: "later",
};

export function refusalOf(error: HttpError, dialect: Dialect): Refusal {
  if (error.undelivered || error.failure === "redirect") return "final";
  if (error.failure !== "status" || error.status === undefined) return "lost";
  if (dialect.isConflict(error)) return "conflict";
  if (error.status === 503) return unavailable(detailOf(error));
  if (error.status === 429 && exceedsCapacity(detailOf(error))) return "too-large";
  return byStatus[error.status] ?? (error.status >= 500 ? "lost" : "final");
}

/** A 503 with an explanation is LightRAG's own and came before anything was taken; one without may be a proxy's. */
function unavailable(detail: string): Refusal {
  if (detail === "") return "lost";
  return isFenced(detail) ? "final" : "later";
}

/** A batch that is larger than `MAX_PENDING_DOCUMENTS` never fits, however long one waits. */
function exceedsCapacity(detail: string): boolean {
  const [, requested, capacity] = /(\d+) requested, capacity (\d+)/u.exec(detail) ?? [];
  return Number(requested) > Number(capacity);
}
