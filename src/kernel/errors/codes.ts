import { apiErrors } from "./codes/api.ts";
import { archiveErrors } from "./codes/archive.ts";
import { commandErrors } from "./codes/command.ts";
import { configErrors } from "./codes/config.ts";
import { connectorErrors } from "./codes/connector.ts";
import { directErrors } from "./codes/direct.ts";
import { modelErrors } from "./codes/model.ts";
import { notifyErrors } from "./codes/notify.ts";
import { runErrors } from "./codes/run.ts";
import { secretsErrors } from "./codes/secrets.ts";
import { sinkErrors } from "./codes/sink.ts";
import { sourceErrors } from "./codes/source.ts";
import { stateErrors } from "./codes/state.ts";
import { transformErrors } from "./codes/transform.ts";
import type { ErrorEntry } from "./error-entry.ts";

export type { ErrorEntry, Reaction } from "./error-entry.ts";

/**
 * Every error code of the project, by area. The code is public: scripts and API clients branch on it, so a code is
 * never renamed. `docs/errors.md` is generated from this table.
 */
const table = {
  ...commandErrors,
  ...configErrors,
  ...sourceErrors,
  ...transformErrors,
  ...sinkErrors,
  ...directErrors,
  ...modelErrors,
  ...runErrors,
  ...stateErrors,
  ...archiveErrors,
  ...connectorErrors,
  ...apiErrors,
  ...secretsErrors,
  ...notifyErrors,
} as const;

export type ErrorCode = keyof typeof table;
export const errorCodes: Record<ErrorCode, ErrorEntry> = table;

/**
 * Errors whose message repeats the words of another program, or that were not foreseen: the message may quote the memory being
 * processed. Such messages are logged at debug level only and are never part of an alert; `dead-letters show` prints them.
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
  "MEDIA_FORMAT_REFUSED",
  "INTERNAL",
]);

export function mayQuote(code: string): boolean {
  return quoting.has(code);
}

/** What a code means, in a sentence. A state written by a newer version may hold codes that this one does not know. */
export function meaningOf(code: ErrorCode): string {
  return errorCodes[code]?.meaning ?? "This version does not know it.";
}
