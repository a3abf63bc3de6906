import type { UnreadMedium } from "../kernel/util/unread-medium.ts";
import type { AuditEntry, AuditHead } from "./audit-entry.ts";
import type { Posting } from "./board.ts";
import type { StoredErasure, StoredSources } from "./erasure-store.ts";
import type { StoredAlert, StoredDelivery } from "./notification-store.ts";
import type {
  Backfill,
  SessionRealm,
  SharePart,
  SpentBudget,
  StoredApiKey,
  StoredConnector,
  StoredReconciliation,
  StoredSession,
} from "./record-stores.ts";
import type { ScheduleRequest } from "./schedule-request.ts";
import type { SectionName, StateEntry, StateSections } from "./state-content.ts";

/** The small collections and their records. All but the audit log have few, small records. */
export interface CollectionContents {
  connector: StoredConnector;
  "api-key": StoredApiKey;
  session: StoredSession;
  "session-realm": SessionRealm;
  budget: SpentBudget;
  reconciliation: StoredReconciliation;
  backfill: Backfill;
  erasure: StoredErasure;
  source: StoredSources;
  "unread-medium": UnreadMedium;
  "schedule-request": ScheduleRequest;
  posting: Posting;
  share: { parts: readonly SharePart[] };
  alert: StoredAlert;
  delivery: StoredDelivery;
  audit: AuditEntry;
  "audit-head": AuditHead;
}

export type RecordCollection = keyof CollectionContents;

/**
 * When records of a connector are deleted: `reset` deletes the state of its memories, `removal` the connector itself, and `never`
 * outlives both. A removal includes a reset unless the ledger is kept; what goes at a `whole-removal` goes only where it is not.
 */
export type ForgottenAt = "reset" | "removal" | "whole-removal" | "never";

/** Shared, or owned by the connector named by its id or its `connectorId`. */
type Rule<Content> =
  | "global"
  | { of: "id"; forgottenAt: ForgottenAt }
  | (Content extends { connectorId: string | null }
      ? { of: "connectorId"; forgottenAt: ForgottenAt }
      : never);

/**
 * Owner and lifetime of each collection. Export and restore of one connector, its reset and its removal follow this table alone, so
 * that a new collection without an entry is a compile error.
 */
export const collectionRules = {
  connector: { of: "id", forgottenAt: "removal" },
  "api-key": "global",
  session: "global",
  "session-realm": "global",
  budget: { of: "id", forgottenAt: "reset" },
  reconciliation: { of: "id", forgottenAt: "reset" },
  backfill: { of: "id", forgottenAt: "reset" },
  erasure: { of: "connectorId", forgottenAt: "never" },
  // With the erasures, which count by it.
  source: { of: "id", forgottenAt: "never" },
  "unread-medium": { of: "connectorId", forgottenAt: "reset" },
  // Seconds old at most, and some are not about a connector.
  "schedule-request": "global",
  posting: "global",
  share: "global",
  // The rule that raised an alert also resolves it, with a message.
  alert: { of: "connectorId", forgottenAt: "never" },
  delivery: "global",
  // One hash chain: no entry can be removed.
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
  // The source itself, which a reset reads again.
  pushed: { of: "connectorId", forgottenAt: "whole-removal" },
} as const satisfies {
  [Section in SectionName]: Section extends "records"
    ? "by collection"
    : Exclude<Rule<StateSections[Section]>, { of: "id" }>;
};

type SectionRules = typeof sectionRules;

/** The sections deleted at this occasion. */
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

/** The collections whose records of a connector are deleted at this occasion. */
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
