import type { LedgerStatus } from "../../src/domain/ledger-row.ts";
import type { State } from "../parts/state.tsx";

const words = {
  discovered: { tone: "rest", word: "found", icon: "never" },
  pending: { tone: "move", word: "waits for the next run", icon: "move" },
  submitting: { tone: "move", word: "being sent", icon: "move" },
  submitted: { tone: "move", word: "sent, not proved yet", icon: "move" },
  processed: { tone: "ok", word: "proved", icon: "ok" },
  failed: { tone: "wait", word: "failed, is tried again", icon: "wait" },
  dead: { tone: "dead", word: "waits for a person", icon: "dead" },
  skipped: { tone: "rest", word: "left out", icon: "rest" },
  deleting: { tone: "move", word: "being removed", icon: "move" },
  deleted: { tone: "rest", word: "removed", icon: "cancelled" },
} as const satisfies Record<LedgerStatus, State>;

export type { LedgerStatus };

/** Every state that a memory can have, in the order of its life. */
export const ledgerStatuses = Object.keys(words) as LedgerStatus[];

/** Where a memory stands, in words. */
export const ledgerState = (status: LedgerStatus): State => words[status];

export function isLedgerStatus(text: string): text is LedgerStatus {
  return Object.hasOwn(words, text);
}
