import {
  collectionRules,
  collectionsForgottenAt,
  ownerOf,
  type RecordCollection,
  type SectionForgottenAt,
} from "./ownership.ts";
import type { LedgerTable, RecordTable, StateTables } from "./state-tables.ts";

/** Rows removed at a time, so that a large ledger does not block the event loop. */
const step = 1000;

/** The tables that have something of a connector to forget. */
export type ForgottenTables = Pick<StateTables, "syncStates" | "schedules" | "records" | "pushed"> & {
  ledger: Pick<LedgerTable, "removeSome">;
};

interface ForgettingAccess {
  tables: ForgottenTables;
  /** One durable unit of work. */
  change<T>(work: () => T): Promise<T>;
}

/** Deletes a connector's records from a section, at most `limit` at a time; returns their number. */
type Forget = (tables: ForgottenTables, connectorId: string, limit: number) => number;

/** In this order: no watermark outlives the rows that it covers. */
const sectionsAtReset: Record<SectionForgottenAt<"reset">, Forget> = {
  syncStates: ({ syncStates }, connectorId) => {
    syncStates.removeConnector(connectorId);
    return 0;
  },
  ledger: ({ ledger }, connectorId, limit) => ledger.removeSome(connectorId, limit),
};

const sectionsAtRemoval: Record<SectionForgottenAt<"removal">, Forget> = {
  schedules: ({ schedules }, connectorId) => {
    schedules.remove(connectorId);
    return 0;
  },
};

const sectionsAtWholeRemoval: Record<SectionForgottenAt<"whole-removal">, Forget> = {
  pushed: ({ pushed }, connectorId, limit) => pushed.removeSome(connectorId, limit),
};

const sections = {
  reset: sectionsAtReset,
  removal: sectionsAtRemoval,
  "whole-removal": sectionsAtWholeRemoval,
} as const;

/**
 * Deletes the connector's records due at this occasion (`ownership.ts`); resolves to the number of rows. Interrupted, it has
 * deleted a part; another call deletes the rest.
 */
export async function forgetConnector(
  { tables, change }: ForgettingAccess,
  connectorId: string,
  moment: keyof typeof sections,
): Promise<number> {
  await change(() => {
    for (const collection of collectionsForgottenAt(moment)) {
      forgetRecords(tables.records, collection, connectorId);
    }
  });
  let rows = 0;
  for (const forget of Object.values<Forget>(sections[moment])) {
    for (let some = step; some === step; rows += some) {
      some = await change(() => forget(tables, connectorId, step));
    }
  }
  return rows;
}

function forgetRecords(table: RecordTable, collection: RecordCollection, connectorId: string): void {
  const rule: { of: string } | "global" = collectionRules[collection];
  if (rule !== "global" && rule.of === "id") {
    table.remove(collection, connectorId);
    return;
  }
  for (const { id, record } of table.page(collection, {
    after: null,
    limit: Number.MAX_SAFE_INTEGER,
    reverse: false,
  })) {
    if (ownerOf(collection, id, record) === connectorId) table.remove(collection, id);
  }
}
