import { userInfo } from "node:os";
import type { AuditActor } from "../../state/audit-entry.ts";

/** Who requested a change, and from where. */
export interface AuditOrigin {
  actor: AuditActor;
  /** Address of the API caller; null for changes made on this machine. */
  address: string | null;
  /** Id of the API request, as in the log and the response. */
  requestId: string | null;
}

/** The user who runs a command. */
export function cliOrigin(): AuditOrigin {
  return { actor: { kind: "cli", id: userName(), name: null }, address: null, requestId: null };
}

/** Changes by the service itself, such as a reload of its configuration. */
export function serviceOrigin(): AuditOrigin {
  return { actor: { kind: "service", id: null, name: null }, address: null, requestId: null };
}

/** A container may run under a uid without a user name. */
function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return process.getuid === undefined ? null : String(process.getuid());
  }
}
