import type { RunRecord } from "../../domain/run-record.ts";
import { collectionRules, ownerOf, type RecordCollection } from "../ownership.ts";
import type { SyncState } from "../state-manager.ts";
import type { Leases } from "./leases.ts";
import type { RemoteTables } from "./played-tables.ts";
import type { SqlClient } from "./sql-pool.ts";

/**
 * The same tables, whose changes of what a run writes about its connector ask in their transaction whether this process still has the lease that it took
 * (`Leases.require`): a worker that was asleep while another one took over changes no budget, backfill, watermark or record of its run, and resets nothing.
 */
export function fencedTables(tables: RemoteTables, leases: Pick<Leases, "require">): RemoteTables {
  const { records, runs, syncStates, ledger, pushed } = tables;
  const ask = (client: SqlClient, connectorId: string | null) =>
    leases.require(client, connectorId === null ? [] : [connectorId]);
  return {
    ...tables,
    records: {
      ...records,
      save: async (client, collection, id, record) => {
        if (isOfWork(collection)) await ask(client, ownerOf(collection, id, record));
        await records.save(client, collection, id, record);
      },
      remove: async (client, collection, id) => {
        if (isOfWork(collection))
          await ask(client, ownerOf(collection, id, await records.get(client, collection, id)));
        await records.remove(client, collection, id);
      },
    },
    runs: {
      ...runs,
      save: async (client, run: RunRecord) => {
        await ask(client, run.connectorId);
        await runs.save(client, run);
      },
    },
    syncStates: {
      ...syncStates,
      save: async (client, state: SyncState) => {
        await ask(client, state.connectorId);
        await syncStates.save(client, state);
      },
      removeConnector: async (client, connectorId) => {
        await ask(client, connectorId);
        await syncStates.removeConnector(client, connectorId);
      },
    },
    ledger: {
      removeSome: async (client, connectorId, limit) => {
        await ask(client, connectorId);
        return ledger.removeSome(client, connectorId, limit);
      },
    },
    pushed: {
      ...pushed,
      removeSome: async (client, connectorId, limit) => {
        await ask(client, connectorId);
        return pushed.removeSome(client, connectorId, limit);
      },
    },
  };
}

/** Whether its records say what was done with the memories of a connector; all others people and programs may change at any time. */
function isOfWork(collection: RecordCollection): boolean {
  const rule: { forgottenAt: string } | "global" = collectionRules[collection];
  return rule !== "global" && rule.forgottenAt === "reset";
}
