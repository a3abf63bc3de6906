import { orderOf, type RunRecord } from "../../domain/run-record.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { runCursor } from "../cursor.ts";
import type { RunPage, RunQuery } from "../state-manager.ts";
import type { RunTable } from "../state-tables.ts";
import { copyOf, type JsonRecord, JsonTable, takePage, type UndoLog } from "./json-table.ts";

/** `startedAt` is the place in the history; see `orderOf`. */
type Place = Pick<RunRecord, "runId" | "startedAt">;
type StoredRun = Place & JsonRecord & Pick<RunRecord, "connectorId" | "endedAt">;

/** The run history in memory. */
export class JsonRunTable implements RunTable {
  readonly #runs: JsonTable<Place, StoredRun>;

  constructor(log: UndoLog) {
    this.#runs = new JsonTable(log, { identity: compareIds, listing: compareNewestFirst });
  }

  save(run: RunRecord): void {
    const { runId, connectorId, endedAt } = run;
    const stored = { runId, startedAt: orderOf(run), connectorId, endedAt, json: JSON.stringify(run) };
    this.#runs.replace(this.#find(runId), stored);
  }

  get(runId: string): RunRecord | null {
    const stored = this.#find(runId);
    return stored === undefined ? null : copyOf<RunRecord>(stored);
  }

  list({ connectorId, limit, after }: RunQuery): RunPage {
    const matches = (run: StoredRun) => connectorId === undefined || run.connectorId === connectorId;
    const { shown, more } = takePage(this.#runs.inListingOrder(runCursor.decode(after)), matches, limit);
    const last = more ? shown.at(-1) : undefined;
    const runs = shown.map((run) => copyOf<RunRecord>(run));
    return { runs, next: last === undefined ? null : runCursor.encode(last) };
  }

  pruneEndedBefore(before: number, limit: number): number {
    const isOld = ({ endedAt }: StoredRun) => endedAt !== null && endedAt < before;
    const ended = takePage(this.#runs.inIdentityOrder(), isOld, limit).shown;
    for (const run of ended) this.#runs.replace(run, undefined);
    return ended.length;
  }

  olderThan(connectorId: string, newer: number, limit: number): RunRecord[] {
    const isOf = (run: StoredRun) => run.connectorId === connectorId;
    const { shown } = takePage(this.#runs.inListingOrder(), isOf, newer + limit);
    return shown.slice(newer).map((run) => copyOf<RunRecord>(run));
  }

  remove(runId: string): void {
    const stored = this.#find(runId);
    if (stored !== undefined) this.#runs.replace(stored, undefined);
  }

  /** The text of every run. */
  *texts(): Generator<string> {
    for (const { json } of this.#runs.inIdentityOrder()) yield json;
  }

  #find(runId: string): StoredRun | undefined {
    return this.#runs.find({ runId, startedAt: 0 });
  }
}

function compareIds(a: Place, b: Place): number {
  return compareCodePoints(a.runId, b.runId);
}

function compareNewestFirst(a: Place, b: Place): number {
  return b.startedAt - a.startedAt || compareIds(b, a);
}
