import { plural } from "../kernel/util/readable.ts";
import { type RecordCounts, recordKinds } from "../operations/archive/archive-format.ts";

const names: Readonly<Record<keyof RecordCounts, readonly [one: string, many?: string]>> = {
  ledger: ["memory of the ledger", "memories of the ledger"],
  syncStates: ["sync state"],
  runs: ["run"],
  schedules: ["schedule"],
  records: ["record of other kinds", "records of other kinds"],
  values: ["remembered answer"],
  pushed: ["pushed memory", "pushed memories"],
  documents: ["document"],
  entities: ["entity", "entities"],
  relations: ["relation"],
};

/** `12 memories of the ledger, 3 runs`; kinds without records are omitted. */
export function countsText(counts: RecordCounts): string {
  const parts = recordKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => plural(counts[kind], ...names[kind]));
  return parts.length === 0 ? "nothing, the state is empty" : parts.join(", ");
}
