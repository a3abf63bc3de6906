import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** Errors by which a sink refuses documents, or fails to answer, that leave open whether it would accept others. */
const refusals: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>([
  "SINK_OUTCOME_UNKNOWN",
  "SINK_SERVER_ERROR",
  "SINK_BAD_ANSWER",
  "SINK_UNAUTHORIZED",
  "SINK_UNSUPPORTED",
  "SINK_REJECTED",
  "SINK_DOCUMENT_TOO_LARGE",
  "INTERNAL",
]);

/** Whether one of the sent documents may be the cause. */
export function isRefusal(code: ErrorCode | undefined): boolean {
  return refusals.has(code);
}

/** When others are accepted, the refusal of one document does not have the usual meaning of its code. */
export function ofItself(error: ConnectorError): ConnectorError {
  if (error.reaction === "skip-item") return error;
  const hint =
    "others are taken: look in the log of LightRAG and of any proxy before it for what is wrong with this one, then run `dead-letters replay`";
  return new ConnectorError(error.code, error.message, { hint, cause: error });
}

/** A document that LightRAG refused although it was sent alone. */
export interface Suspect {
  row: LedgerRow;
  error: ConnectorError;
}

/** So many consecutive refusals look like a refusal of everything. */
const suspectLimit = 8;

/**
 * Documents that were refused alone, while it is unknown whether LightRAG would accept any other. A document that is accepted after
 * them proves that the cause lies in them.
 */
export class Suspects {
  #open: Suspect[] = [];

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  /** Whether LightRAG seems to refuse everything, so that no more documents should be sent without a probe. */
  get areTooMany(): boolean {
    return this.#open.length >= suspectLimit;
  }

  add(suspect: Suspect): void {
    this.#open.push(suspect);
  }

  /** Removes and returns all suspects. */
  release(): Suspect[] {
    return this.#open.splice(0);
  }

  /**
   * The suspects that are charged when nothing else is left to try and LightRAG otherwise answers: those that have failed before
   * while others were accepted, and a single other one. Several that fail for the first time look like an outage; they remain.
   */
  releaseBlamed(): Suspect[] {
    const newcomers = this.#open.filter((suspect) => !isKnown(suspect));
    const blamed = newcomers.length === 1 ? this.#open : this.#open.filter(isKnown);
    this.#open = newcomers.length === 1 ? [] : newcomers;
    return blamed;
  }
}

function isKnown({ row }: Suspect): boolean {
  return row.attempts > 0 && isRefusal(row.error?.code);
}
