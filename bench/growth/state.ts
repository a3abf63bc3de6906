import { newRow } from "../../src/domain/ledger.ts";
import type { LedgerRow } from "../../src/domain/ledger-row.ts";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { EventBus } from "../../src/kernel/util/event-bus.ts";
import { openState } from "../../src/state/open-state.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import type { SyncEvents } from "../../src/sync/events.ts";
import { recordRun } from "../../src/sync/report/record-run.ts";
import { ordinaryRun } from "../../src/sync/run-options.ts";
import { runRecord } from "../../test/support/run-record.ts";
import { BenchFolder, connectorId, contextId } from "../support/world.ts";
import { type Costs, type GrowthCase, onlyWhatIsNew, processorMs, withTheWork } from "./growth.ts";

const scope = { connectorId, contextId };
const questions = 200;

/** What the ledger and the history of runs cost. */
export const growthOfState: readonly GrowthCase[] = [
  {
    what: `${questions} look-ups of a day's merged notes, by the number of notes`,
    size: 2_000,
    atMost: onlyWhatIsNew,
    costs: lookUpGroups,
  },
  {
    what: "the history of runs that find nothing new, by runs",
    size: 150,
    atMost: onlyWhatIsNew,
    costs: runInVain,
  },
  {
    what: "removal of old runs from the history, by runs",
    size: 1_000,
    atMost: withTheWork,
    costs: pruneRuns,
  },
];

/** As many notes a day whatever their number is. */
const notesOfADay = 20;
/** Days that are looked up, whatever their number is. */
const asked = 50;

function lookUpGroups(notes: number): Promise<Costs> {
  return withState(async (state) => {
    await fill(state, notes, (row, number) => ({
      ...row,
      groupKey: `day-${Math.floor(number / notesOfADay)}~`,
    }));
    const ms = await processorMs(async () => {
      for (let number = 0; number < questions; number += 1)
        await state.getGroup(scope, `day-${number % asked}~`);
    });
    return { ms };
  });
}

/** Bytes of the reports that stay of so many runs. */
function runInVain(runs: number): Promise<Costs> {
  return withState(async (state) => {
    for (let number = 0; number < runs; number += 1)
      await recordRun(
        { state, clock: systemClock, events: new EventBus<SyncEvents>() },
        connectorId,
        ordinaryRun("schedule", Date.now() + number),
        async () => "success",
      );
    const { runs: kept } = await state.listRuns({ limit: runs });
    return { bytes: Buffer.byteLength(JSON.stringify(kept)) };
  });
}

function pruneRuns(runs: number): Promise<Costs> {
  return withState(async (state) => {
    const record = (number: number) =>
      runRecord({ runId: `run-${number}`, connectorId, startedAt: number, endedAt: number });
    await Promise.all(Array.from({ length: runs }, (_, number) => state.saveRun(record(number))));
    return { ms: await processorMs(() => state.pruneRuns(runs)) };
  });
}

async function withState(measure: (state: StateManager) => Promise<Costs>): Promise<Costs> {
  using folder = new BenchFolder();
  const path = folder.statePath("sqlite");
  const state = await openState({ backend: "sqlite", path, clock: systemClock });
  try {
    return await measure(state);
  } finally {
    await state.close();
  }
}

async function fill(
  state: StateManager,
  count: number,
  shape: (row: LedgerRow, number: number) => LedgerRow,
): Promise<void> {
  const chunk = 2_000;
  for (let from = 0; from < count; from += chunk) {
    const rows = Array.from({ length: Math.min(chunk, count - from) }, (_, n) => {
      const memoryId = `m${from + n}`;
      return shape(newRow({ ...scope, memoryId }, `${memoryId}@${contextId}.md`, 0), from + n);
    });
    await state.saveRows(rows);
  }
}
