import type { api } from "../../api/endpoints.ts";
import { count } from "../../words/numbers.ts";

type Report = NonNullable<Awaited<ReturnType<typeof api.getReconciliation>>["report"]>;

const labels: Readonly<Record<keyof Report["drift"], string>> = {
  missing: "Lost by LightRAG",
  failed: "Failed in LightRAG",
  changed: "Another text there",
  forgotten: "Not in the ledger",
  orphaned: "Orphaned documents",
  unsent: "Not sent yet",
  vanished: "Gone at the source",
};

export function driftFacts({ drift, delivered }: Report): [string, string][] {
  const kinds = Object.entries(labels) as [keyof Report["drift"], string][];
  return [
    ["Delivered", count(delivered)],
    ...kinds.map(([kind, label]): [string, string] => [label, count(drift[kind].count)]),
  ];
}

/** What a repair mends; the rest is left to the next run and to `on_delete`. */
export function repairable({ missing, failed, changed, forgotten, orphaned }: Report["drift"]): number {
  return [missing, failed, changed, forgotten, orphaned].reduce((total, { count: each }) => total + each, 0);
}
