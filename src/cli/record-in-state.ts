import type { AuditChange } from "../access/audit/audit-log.ts";
import { AuditLog } from "../access/audit/audit-log.ts";
import { cliOrigin } from "../access/audit/audit-origin.ts";
import { maskSecrets } from "../config/mask-secrets.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { openState, type StatePlace } from "../state/open-state.ts";

/** Writes a change into the audit log of a state store that no part of this command has open. */
export async function recordInState({ backend, path }: StatePlace, change: AuditChange): Promise<void> {
  const state = await openState({ backend, path });
  try {
    await new AuditLog(state.audit, systemClock, maskSecrets).record(cliOrigin(), change);
  } finally {
    await state.close();
  }
}
