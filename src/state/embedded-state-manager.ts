import { EmbeddedAccess, type EmbeddedState } from "./embedded-access.ts";
import { forgetConnector } from "./embedded-forgetting.ts";
import { embeddedHistory } from "./embedded-history.ts";
import { embeddedLedger } from "./embedded-ledger.ts";
import { embeddedRecords } from "./embedded-records.ts";
import { embeddedSchedules } from "./embedded-schedules.ts";
import { embeddedValues } from "./embedded-values.ts";
import { requireWellFormed } from "./row-rules.ts";
import { setAside } from "./state-files.ts";
import type { StateManager } from "./state-manager.ts";

/** The `StateManager` of the backends that work inside this process: their tables, made durable in groups. */
export function embeddedStateManager(state: EmbeddedState): StateManager {
  const { location, notices, tables, clock } = state;
  const access = new EmbeddedAccess(state);
  const over = <Table>(table: Table) => ({ table, read: access.read, change: access.change });
  const forgetting = { tables, change: access.change };
  return {
    location,
    notices,
    ...embeddedLedger(over(tables.ledger), tables.records),
    ...embeddedHistory(over(tables)),
    ...embeddedSchedules(over(tables.schedules)),
    ...embeddedRecords(over(tables.records)),
    values: embeddedValues(over(tables.values), clock),
    resetConnector: (connectorId) => forgetConnector(forgetting, connectorId, "reset"),
    forgetConnector: async (connectorId) => {
      await forgetConnector(forgetting, connectorId, "removal");
    },
    condition: () => access.condition(),
    expunge: () => expunge(access, location),
    foldLog: () => foldLog(access, clock),
    lockConnector: async (connectorId) => {
      requireWellFormed(connectorId);
      return access.withWriter(({ locks }) => locks.take(connectorId));
    },
    close: () => access.close(),
  };
}

/** Others read for some milliseconds at a time. */
const foldTries = 5;
const foldPauseMs = 20;

async function foldLog(access: EmbeddedAccess, clock: EmbeddedState["clock"]): Promise<void> {
  for (let tries = 1; tries <= foldTries; tries += 1) {
    // What is wrong with the file, the next change tells; nothing is lost by a log that stays as it is.
    const isDone = await access.withWriter((writer) => writer.foldLog()).catch(() => true);
    if (isDone || tries === foldTries) return;
    await clock.sleep(foldPauseMs);
  }
}

async function expunge(access: EmbeddedAccess, location: string): Promise<string[]> {
  await access.withWriter(async ({ commits, copies, rewrite }) => {
    await commits.idle();
    await rewrite();
    await copies.renew();
  });
  return setAside(location);
}
