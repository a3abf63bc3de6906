import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import type { ScheduleState } from "../schedule-state.ts";
import type { ScheduleStateTable } from "../state-tables.ts";
import { copyOf, type JsonRecord, JsonTable, type UndoLog } from "./json-table.ts";

type Place = Pick<ScheduleState, "connectorId">;

/** The schedule states, in memory. */
export class JsonScheduleStateTable implements ScheduleStateTable {
  readonly #states: JsonTable<Place, Place & JsonRecord>;

  constructor(log: UndoLog) {
    this.#states = new JsonTable(log, { identity: compareIds, listing: compareIds });
  }

  list(): ScheduleState[] {
    return Array.from(this.#states.inListingOrder(), (state) => copyOf<ScheduleState>(state));
  }

  /** While this process may write, no other does; while it only reads, writes of others are not visible. */
  version(): number {
    return 0;
  }

  get(connectorId: string): ScheduleState | null {
    const stored = this.#states.find({ connectorId });
    return stored === undefined ? null : copyOf<ScheduleState>(stored);
  }

  save(state: ScheduleState): void {
    const { connectorId } = state;
    this.#states.replace(this.#states.find(state), { connectorId, json: JSON.stringify(state) });
  }

  remove(connectorId: string): void {
    const stored = this.#states.find({ connectorId });
    if (stored !== undefined) this.#states.replace(stored, undefined);
  }

  /** The text of every schedule state. */
  *texts(): Generator<string> {
    for (const { json } of this.#states.inIdentityOrder()) yield json;
  }
}

function compareIds(a: Place, b: Place): number {
  return compareCodePoints(a.connectorId, b.connectorId);
}
