/**
 * A process of its own that works on a state store, for tests of what happens between processes and when one is killed.
 * Arguments: backend, path, task, first memory id. Says each thing that is done and durable on a line of its own.
 */

import { AuditLog } from "../../src/access/audit/audit-log.ts";
import { cliOrigin } from "../../src/access/audit/audit-origin.ts";
import { maskSecrets } from "../../src/config/mask-secrets.ts";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { openState, type StateBackend } from "../../src/state/open-state.ts";
import type { ScheduleState } from "../../src/state/schedule-state.ts";
import { pendingRow, scheduleOf, scope } from "./state-manager-samples.ts";

const [backend, path = "", task, prefix = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const state = await openState({ backend: backend as StateBackend, path });
  if (task === "hold") {
    await state.lockConnector(scope.connectorId);
    console.log("held");
    setInterval(() => undefined, 1000);
    return;
  }
  if (task === "audit") {
    const log = new AuditLog(state.audit, systemClock, maskSecrets);
    for (let at = 0; at < 50; at += 1) {
      await log.record(cliOrigin(), { action: "connector.pause", subject: `${prefix}${at}` });
    }
    await state.close();
    return;
  }
  if (task === "schedule") {
    const more = (stored: ScheduleState | null) => ({
      ...scheduleOf("shared"),
      skipped: (stored?.skipped ?? 0) + 1,
    });
    for (let at = 0; at < 100; at += 1) await state.changeSchedules(new Map([["shared", more]]));
    await state.close();
    return;
  }
  const count = task === "write-some" ? 150 : Number.POSITIVE_INFINITY;
  for (let at = 0; at < count; at += 3) {
    const ids = [at, at + 1, at + 2].map((number) => `${prefix}${number}`);
    await Promise.all(ids.map((memoryId) => state.saveRows([pendingRow({ memoryId })])));
    console.log(ids.join(" "));
  }
  await state.close();
}

main().catch((error) => {
  console.log(error.code, error.message);
  process.exitCode = 1;
});
