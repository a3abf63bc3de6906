import type { Run } from "../../connectors/connector.ts";
import type { LedgerStatus } from "../../memories/ledger-state.ts";
import type { Tone } from "../../parts/state.tsx";
import { addressOf } from "../../shell/router.ts";
import { duration } from "../../words/time.ts";

type Counts = Run["counts"];

/** Every count of a run in words. The type holds it complete: a new count needs words of its own. */
const labels: Readonly<Record<keyof Counts, string>> = {
  fetched: "Read",
  new: "New",
  changed: "Changed",
  unchanged: "Unchanged",
  skipped: "Skipped",
  malformed: "Malformed",
  missing: "Not shown by the source",
  vanished: "Deleted at the source",
  submitted: "Sent",
  adopted: "There already",
  processed: "Proved",
  deleted: "Removed from LightRAG",
  failed: "To try again",
  dead: "Became dead letters",
  unproved: "Accepted, not proved",
  deadLetters: "Dead letters at its end",
  waiting: "Left for later",
};

export const countLabels = Object.entries(labels) as [keyof Counts, string][];

/** The state in which the memories of a count are now, unless something came since. A count without one has no list of its own. */
const statuses: Partial<Record<keyof Counts, LedgerStatus>> = {
  skipped: "skipped",
  processed: "processed",
  deleted: "deleted",
  failed: "failed",
  unproved: "submitted",
  waiting: "pending",
};

/** Where the memories behind a count are listed; null where no list has them. */
export function addressOfCount(name: keyof Counts, connector: string): string | null {
  if (name === "dead" || name === "deadLetters") return addressOf(["errors"], { connector });
  const status = statuses[name];
  return status === undefined ? null : addressOf(["memories"], { connector, status });
}

const tones = {
  connect: "rest",
  reconcile: "wait",
  discover: "accent",
  deliver: "ok",
} as const satisfies Record<keyof Run["phasesMs"], Tone | "accent">;

/** The share of each phase in the time of a run. */
export function phaseShares(phasesMs: Run["phasesMs"]) {
  return (Object.keys(tones) as (keyof typeof tones)[]).map((phase) => ({
    tone: tones[phase],
    value: phasesMs[phase],
    text: `${phase} ${duration(phasesMs[phase])}`,
  }));
}
