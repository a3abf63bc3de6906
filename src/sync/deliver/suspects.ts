import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** How a sink says no, or says nothing, to documents that it was offered, without saying whether it would take others. */
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

/** Whether one of the offered documents may be what it was about. */
export function isRefusal(code: ErrorCode | undefined): boolean {
  return refusals.has(code);
}

/** The refusal of one document while others are taken has nothing to do with what its code usually means. */
export function ofItself(error: ConnectorError): ConnectorError {
  if (error.reaction === "skip-item") return error;
  const hint =
    "others are taken: look in the log of LightRAG and of any proxy before it for what is wrong with this one, then run `dead-letters replay`";
  return new ConnectorError(error.code, error.message, { hint, cause: error });
}

/** A document that LightRAG did not take although it was offered alone. */
export interface Suspect {
  row: LedgerRow;
  error: ConnectorError;
}

/** So many in a row, with none taken in between, look like a refusal of everything. */
const tooMany = 8;

/**
 * Documents that were refused one by one, while it is not known whether LightRAG would take any other. One that is taken after them
 * shows that their refusal is their own matter.
 */
export class Suspects {
  #open: Suspect[] = [];

  get isEmpty(): boolean {
    return this.#open.length === 0;
  }

  /** Whether LightRAG seems to refuse everything, so that no more documents should be tried just like that. */
  get areTooMany(): boolean {
    return this.#open.length >= tooMany;
  }

  add(suspect: Suspect): void {
    this.#open.push(suspect);
  }

  /** All of them; there are none afterwards. */
  release(): Suspect[] {
    return this.#open.splice(0);
  }

  /**
   * Those that are to blame when nothing else is left to try and LightRAG answers otherwise: those that have failed before while others
   * were taken, and a single other one. Several that fail for the first time are taken for an outage; they stay.
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
