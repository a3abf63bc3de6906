import type { LedgerEvent, LedgerEventType } from "./ledger-event.ts";
import type { LedgerRow } from "./ledger-row.ts";

/**
 * The history of a row as one short text in the row itself: `u0 a8q7 p9k2`, steps apart by spaces. A step is a letter, the milliseconds since
 * `firstSeenAt` in base 36 and, behind a colon, the error's code or the reason. `~` stands where steps are missing. Nothing of a memory's words
 * is in it.
 */
type History = string;

/** What happened to a memory, for people. */
export const stepNames = [
  "seen",
  "changed",
  "listed_again",
  "skipped",
  "malformed",
  "submitted",
  "processed",
  "adopted",
  "failed",
  "dead",
  "requeued",
  "contradicted",
  "replacing",
  "removed",
  "replayed",
  "dropped",
  "withdrawn",
  "kept",
  "erased",
] as const;
export type StepName = (typeof stepNames)[number];

export interface Step {
  /** Milliseconds since the epoch. */
  at: number;
  name: StepName;
  /** An error's code, why it was skipped, or why a document is replaced. */
  detail: string | null;
}

/** Of steps that are kept of one row: the first and the newest. */
export const mostSteps = 24;

const gap = "~";

/** The letter of a step never changes its meaning. A listing that confirms, a request that is about to be sent and a wait that is over are no steps. */
const letters: Readonly<Partial<Record<LedgerEventType, string>>> = {
  upsert: "u",
  skip: "s",
  malformed: "m",
  accepted: "a",
  proved: "p",
  adopt: "o",
  fail: "f",
  die: "d",
  requeue: "q",
  invalidate: "n",
  replace: "r",
  gone: "g",
  replay: "R",
  drop: "D",
  vanish: "v",
  tombstone: "t",
  erase: "e",
};
/** The source lists it with the content that is known already, and it is sent again. */
const again = "U";

const names: ReadonlyMap<string, StepName> = new Map([
  ["u", "changed"],
  [again, "listed_again"],
  ["s", "skipped"],
  ["m", "malformed"],
  ["a", "submitted"],
  ["p", "processed"],
  ["o", "adopted"],
  ["f", "failed"],
  ["d", "dead"],
  ["q", "requeued"],
  ["n", "contradicted"],
  ["r", "replacing"],
  ["g", "removed"],
  ["R", "replayed"],
  ["D", "dropped"],
  ["v", "withdrawn"],
  ["t", "kept"],
  ["e", "erased"],
]);

/** The row's history with what this event adds. An erasure takes away what was before it. */
export function historyAfter(row: LedgerRow, event: LedgerEvent, now: number): History {
  const letter = letterOf(row, event);
  if (letter === undefined) return row.history;
  const detail = detailOf(event);
  const step = `${letter}${(now - row.firstSeenAt).toString(36)}${detail === null ? "" : `:${detail}`}`;
  if (event.type === "erase") return step;
  if (row.history !== "") return bounded(`${row.history} ${step}`);
  // A row that was stored without one is older than histories.
  return row.version === 0 ? step : `${gap} ${step}`;
}

function letterOf(row: LedgerRow, event: LedgerEvent): string | undefined {
  const isAgain = event.type === "upsert" && event.content.contentHash === row.contentHash;
  return isAgain ? again : letters[event.type];
}

function detailOf(event: LedgerEvent): string | null {
  switch (event.type) {
    case "fail":
    case "die":
    case "malformed":
      return event.error.code;
    case "skip":
    case "replace":
      return event.reason;
    default:
      return null;
  }
}

/** A step has at least two characters and its space. */
function bounded(history: History): History {
  if (history.length < mostSteps * 3) return history;
  const steps = history.split(" ");
  if (steps.length <= mostSteps) return history;
  const [first = gap, ...others] = steps;
  const newest = others.slice(2 - mostSteps);
  return (first === gap ? [gap, ...newest] : [first, gap, ...newest]).join(" ");
}

/** The steps of a row, oldest first, and whether some are missing between or before them. */
export function stepsOf({ history, firstSeenAt }: Pick<LedgerRow, "history" | "firstSeenAt">): {
  steps: Step[];
  isWhole: boolean;
} {
  const parts = history.split(" ");
  const isWhole = history !== "" && !parts.includes(gap);
  const steps = parts.flatMap((part) => stepOf(part, firstSeenAt));
  const [first, ...later] = steps;
  const isFirstSight = first?.name === "changed" && parts[0] !== gap;
  return { steps: isFirstSight ? [{ ...first, name: "seen" }, ...later] : steps, isWhole };
}

/** None for what a later version may write. */
function stepOf(part: string, firstSeenAt: number): Step[] {
  const [, letter = "", offset = "", detail] = /^([a-zA-Z])(-?[0-9a-z]+)(?::(.*))?$/u.exec(part) ?? [];
  const name = names.get(letter);
  return name === undefined
    ? []
    : [{ at: firstSeenAt + Number.parseInt(offset, 36), name, detail: detail ?? null }];
}
