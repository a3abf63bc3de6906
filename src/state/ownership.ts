import type { UnreadMedium } from "../kernel/util/unread-medium.ts";
import type { AuditEntry, AuditHead } from "./audit-entry.ts";
import type { StoredErasure } from "./erasure-store.ts";
import type { StoredAlert, StoredDelivery } from "./notification-store.ts";
import type {
  Backfill,
  SpentBudget,
  StoredApiKey,
  StoredConnector,
  StoredReconciliation,
} from "./record-stores.ts";
import type { ScheduleRequest } from "./schedule-request.ts";
import type { SectionName, StateEntry, StateSections } from "./state-content.ts";

/** The small collections, and what a record of each holds. All but the audit log are a few records each, none of them large. */
export interface CollectionContents {
  connector: StoredConnector;
  "api-key": StoredApiKey;
  budget: SpentBudget;
  reconciliation: StoredReconciliation;
  backfill: Backfill;
  erasure: StoredErasure;
  "unread-medium": UnreadMedium;
  "schedule-request": ScheduleRequest;
  alert: StoredAlert;
  delivery: StoredDelivery;
  audit: AuditEntry;
  "audit-head": AuditHead;
}

export type RecordCollection = keyof CollectionContents;

/**
 * What ends the memory of something that belongs to a connector: `reset` forgets what is known of its memories, `removal` the connector
 * itself, and `never` outlives both. A removal comes with a reset unless a person keeps the ledger.
 */
export type ForgottenAt = "reset" | "removal" | "never";

/** Everybody's; or of the connector that its id, or its `connectorId`, names. */
type Rule<Content> =
  | "global"
  | { of: "id"; forgottenAt: ForgottenAt }
  | (Content extends { connectorId: string | null }
      ? { of: "connectorId"; forgottenAt: ForgottenAt }
      : never);

/**
 * Whose each collection is, and how long it stays. Export and restore of one connector, its reset and its removal follow this table
 * and nothing else, so that a new collection does not compile before somebody has decided about it.
 */
export const collectionRules = {
  connector: { of: "id", forgottenAt: "removal" },
  "api-key": "global",
  budget: { of: "id", forgottenAt: "reset" },
  reconciliation: { of: "id", forgottenAt: "reset" },
  backfill: { of: "id", forgottenAt: "reset" },
  erasure: { of: "connectorId", forgottenAt: "never" },
  "unread-medium": { of: "connectorId", forgottenAt: "reset" },
  // Seconds old at most, and some of them are about no connector.
  "schedule-request": "global",
  // Whoever raised an alert ends it, and tells so.
  alert: { of: "connectorId", forgottenAt: "never" },
  delivery: "global",
  // One chain: nothing can be taken out of it.
  audit: "global",
  "audit-head": "global",
} as const satisfies { [Collection in RecordCollection]: Rule<CollectionContents[Collection]> };

/** As `collectionRules`, for the sections of a state; the small collections have rules of their own. */
export const sectionRules = {
  ledger: { of: "connectorId", forgottenAt: "reset" },
  syncStates: { of: "connectorId", forgottenAt: "reset" },
  // The history of what was done.
  runs: { of: "connectorId", forgottenAt: "never" },
  schedules: { of: "connectorId", forgottenAt: "removal" },
  records: "by collection",
  values: "global",
} as const satisfies {
  [Section in SectionName]: Section extends "records"
    ? "by collection"
    : Exclude<Rule<StateSections[Section]>, { of: "id" }>;
};

type SectionRules = typeof sectionRules;

/** The sections that are forgotten at this moment. */
export type SectionForgottenAt<At extends ForgottenAt> = {
  [Section in SectionName]: SectionRules[Section] extends { forgottenAt: At } ? Section : never;
}[SectionName];

/** The connector that an entry belongs to; null for one that belongs to all, such as an API key. */
export function connectorOf(entry: StateEntry): string | null {
  if (entry.section === "values") return null;
  if (entry.section !== "records") return entry.record.connectorId;
  const { collection, id, content } = entry.record;
  return isCollection(collection) ? ownerOf(collection, id, content) : null;
}

/** The collections of which a connector's records are forgotten at this moment. */
export function collectionsForgottenAt(moment: ForgottenAt): RecordCollection[] {
  return (Object.keys(collectionRules) as RecordCollection[]).filter((collection) => {
    const rule: Rule<{ connectorId: string }> = collectionRules[collection];
    return rule !== "global" && rule.forgottenAt === moment;
  });
}

/** The connector that a record belongs to; null for one of no connector. */
export function ownerOf(collection: RecordCollection, id: string, content: unknown): string | null {
  const rule: Rule<{ connectorId: string }> = collectionRules[collection];
  if (rule === "global") return null;
  return rule.of === "id" ? id : connectorIdIn(content);
}

/** An archive may hold anything here. */
function connectorIdIn(content: unknown): string | null {
  const named = typeof content === "object" && content !== null && "connectorId" in content;
  return named && typeof content.connectorId === "string" ? content.connectorId : null;
}

function isCollection(name: string): name is RecordCollection {
  return Object.hasOwn(collectionRules, name);
}
