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
    lockConnector: async (connectorId) => {
      requireWellFormed(connectorId);
      return access.withWriter(({ locks }) => locks.take(connectorId));
    },
    close: () => access.close(),
  };
}

async function expunge(access: EmbeddedAccess, location: string): Promise<string[]> {
  await access.withWriter(async ({ commits, copies, rewrite }) => {
    await commits.idle();
    await rewrite();
    await copies.renew();
  });
  return setAside(location);
}
