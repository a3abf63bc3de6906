import type { ErrorCode } from "./codes.ts";

/**
 * Errors whose message repeats what another program said, or nobody foresaw: it may quote the memory that was being handled. Such
 * messages are logged at debug only and leave the machine in no alert; `dead-letters show` has them.
 */
const quoting: ReadonlySet<string> = new Set<ErrorCode>([
  "SINK_DOCUMENT_FAILED",
  "SINK_MODEL_UNAVAILABLE",
  "MODEL_BUSY",
  "MODEL_QUOTA",
  "MODEL_KEY_REFUSED",
  "MODEL_UNKNOWN",
  "MODEL_REQUEST_REFUSED",
  "MODEL_CONTEXT_EXCEEDED",
  "MODEL_SERVER_ERROR",
  "MODEL_ANSWER_UNREADABLE",
  "MODEL_ANSWER_UNUSABLE",
  "INTERNAL",
]);

export function mayQuote(code: string): boolean {
  return quoting.has(code);
}
