import type { api } from "../../api/endpoints.ts";
import type { Run } from "../../connectors/connector.ts";

export type Change = Awaited<ReturnType<typeof api.listAuditEntries>>["entries"][number];

/** One thing that happened to a connector. */
export type Moment = { key: string; at: string } & (
  | { kind: "run"; run: Run }
  | { kind: "change"; change: Change }
);

/** By the days of the browser's time zone, newest first. `show` is `all`, `runs`, `changes` or `errors`. */
export function momentsByDay(
  runs: readonly Run[],
  changes: readonly Change[],
  show: string,
): (readonly [day: string, moments: Moment[]])[] {
  const shownRuns =
    show === "changes" ? [] : runs.filter(({ errors }) => show !== "errors" || errors.length > 0);
  const shownChanges = show === "runs" || show === "errors" ? [] : changes;
  const moments: Moment[] = [
    ...shownRuns.map((run): Moment => ({ kind: "run", key: run.runId, at: run.startedAt, run })),
    ...shownChanges.map(
      (change): Moment => ({ kind: "change", key: `change ${change.number}`, at: change.at, change }),
    ),
  ];
  const ordered = moments.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return [...Map.groupBy(ordered, ({ at }) => new Date(at).toDateString())];
}

const verbs: Readonly<Record<string, string>> = {
  "run.trigger": "asked for a run",
  "run.cancel": "cancelled a run",
  "connector.create": "made the connector",
  "connector.replace": "changed its settings",
  "connector.reset": "reset its ledger",
  "connector.pause": "paused it",
  "connector.resume": "resumed it",
  "backfill.request": "asked for a backfill",
  "backfill.cancel": "cancelled the backfill",
  "ledger.reconcile": "had it reconciled",
};

/** `asked for a backfill`; an action without words of its own is named as the log names it. */
export function changeText({ action, after }: Pick<Change, "action" | "after">): string {
  const { note } = (after ?? {}) as { note?: unknown };
  return `${verbs[action] ?? `did ${action}`}${typeof note === "string" ? `: ${note}` : ""}`;
}
