import type { AuditAction } from "../../../src/access/audit/audit-action.ts";
import type { listAuditEntries } from "../../../src/operations/audit/list-audit-entries.ts";
import type { Answer } from "../../api/endpoint.ts";
import { addressOf } from "../../shell/router.ts";

export type AuditEntry = Answer<typeof listAuditEntries>["entries"][number];

/** What somebody did; its subject follows. */
const actions: Readonly<Record<AuditAction, string>> = {
  "connector.create": "made connector",
  "connector.replace": "changed connector",
  "connector.remove": "removed connector",
  "connector.reset": "reset connector",
  "connector.push": "sent memories to",
  "connector.pause": "paused",
  "connector.resume": "resumed",
  "run.trigger": "ran",
  "run.cancel": "cancelled the run of",
  "backfill.request": "asked for old memories of",
  "backfill.cancel": "took back the backfill of",
  "dead-letters.replay": "replayed dead letters of",
  "dead-letters.drop": "dropped dead letters of",
  "memory.erase": "erased memory",
  "memory.allow-again": "allowed again memory",
  "ledger.reconcile": "reconciled",
  "key.create": "made key",
  "key.rotate": "rotated a key; the new one is",
  "key.revoke": "revoked key",
  "session.open": "signed in",
  "session.close": "signed out",
  "secrets.rotate": "sealed the secrets anew",
  "state.backup": "made a backup",
  "state.export": "exported the state",
  "state.restore": "restored the state",
  "state.migrate": "moved the state",
  "config.reload": "read the configuration again",
  "audit.checkpoint": "removed old entries of this log",
};

/** For the choice of a filter: each action, after the group that it belongs to. */
export const actionChoices: readonly string[] = [
  ...new Set(Object.keys(actions).flatMap((action) => [action.split(".")[0] ?? action, action])),
].toSorted();

/** An action of a newer service is shown as it is called. */
export const actionWords = (action: string): string =>
  Object.hasOwn(actions, action) ? actions[action as AuditAction] : action;

/** `ops`, `nina at the command line`, `the service`. Names stay as they are written. */
export function actorWords({ kind, id, name }: AuditEntry["actor"]): string {
  switch (kind) {
    case "api-key":
      return id === "api.api_key" ? "the key of the configuration" : (name ?? id ?? "a key");
    case "cli":
      return `${id ?? "somebody"} at the command line`;
    case "service":
      return "the service";
    case "signature":
      return "a program that signs";
    default:
      return "anybody, as no key is asked for";
  }
}

/** What was changed; null where that is the one who did it, as who signs in with a key. */
export const subjectOf = ({ actor, subject }: Pick<AuditEntry, "actor" | "subject">): string | null =>
  subject === actor.id ? null : subject;

const ofConnectors = new Set(["connector", "run", "backfill", "dead-letters", "ledger"]);

/** Where the subject of an entry is shown; null where it has no page. */
export function subjectAddress({ action, subject }: Pick<AuditEntry, "action" | "subject">): string | null {
  const [group = ""] = action.split(".");
  if (subject === null) return null;
  if (ofConnectors.has(group)) return addressOf(["connectors", subject]);
  if (group === "memory") return addressOf(["memories"], { id: subject });
  return group === "key" || group === "session" ? addressOf(["service", "keys"]) : null;
}
