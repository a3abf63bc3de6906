import {
  collectionRules,
  collectionsForgottenAt,
  ownerOf,
  type RecordCollection,
  type SectionForgottenAt,
} from "./ownership.ts";
import type { RecordTable, StateTables } from "./state-tables.ts";

/** Rows removed in one go, so that the event loop is not held up by a large ledger. */
const step = 1000;

interface ForgettingAccess {
  tables: StateTables;
  /** One durable unit of work. */
  change<T>(work: () => T): Promise<T>;
}

/** How one section forgets a connector, at most `limit` records at a time; how many it was. */
type Forget = (tables: StateTables, connectorId: string, limit: number) => number;

/** In their order: no watermark outlives the rows that it speaks of. */
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

const sections = { reset: sectionsAtReset, removal: sectionsAtRemoval } as const;

/**
 * Forgets what is forgotten of a connector at this moment (`ownership.ts`); resolves to the number of ledger rows. Interrupted half-way
 * it has forgotten a part; once more, and the rest is gone, too.
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
