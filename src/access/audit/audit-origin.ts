import { userInfo } from "node:os";
import type { AuditActor } from "../../state/audit-entry.ts";

/** Who asked for a change, and from where. */
export interface AuditOrigin {
  actor: AuditActor;
  /** Of the caller of the API; null for what was done on this machine. */
  address: string | null;
  /** Of the request to the API, as the log and the answer have it. */
  requestId: string | null;
}

/** The user who runs a command. */
export function cliOrigin(): AuditOrigin {
  return { actor: { kind: "cli", id: userName(), name: null }, address: null, requestId: null };
}

/** What the service does by itself, such as reading its configuration again. */
export function serviceOrigin(): AuditOrigin {
  return { actor: { kind: "service", id: null, name: null }, address: null, requestId: null };
}

/** A container may run under a number that no user has. */
function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return process.getuid === undefined ? null : String(process.getuid());
  }
}
