import pino from "pino";
import { expect, test } from "vitest";
import { pendingRow, runOf, scope } from "../../../test/contract/state-manager-samples.ts";
import { makeStore } from "../../../test/contract/state-manager-store.ts";
import { SteppedClock } from "../../../test/support/stepped-clock.ts";
import { AuditLog } from "../../access/audit/audit-log.ts";
import { serviceOrigin } from "../../access/audit/audit-origin.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import { cleanHistoryOnSchedule } from "./history-cleanup.ts";

const dayMs = 86_400_000;

test("old runs, entries of the audit log and rows of deleted memories go at the configured time, and the chain holds", async () => {
  const clock = new SteppedClock();
  const state = await makeStore("json").open();
  const audit = new AuditLog(state.audit, clock, maskSecrets);
  const record = () => audit.record(serviceOrigin(), { action: "config.reload", subject: null });
  await record();
  await state.saveRun(runOf("old", { endedAt: clock.now() }));
  const gone = { ...pendingRow({ memoryId: "gone" }), status: "deleted", payload: null } as const;
  await state.saveRows([{ ...gone, changedAt: clock.now() }]);
  await clock.advance(2 * dayMs);
  await record();
  const cleanup = {
    enabled: true,
    retentionDays: 1,
    auditRetentionDays: 2,
    deletedRetentionDays: 1,
    cron: "0 2 * * *",
  };
  const ending = new AbortController();
  const settings = () => cleanup;
  const connectorIds = () => [scope.connectorId];
  const kept = cleanHistoryOnSchedule(
    { settings, state, audit, connectorIds, clock, log: pino({ enabled: false }) },
    ending.signal,
  );
  await clock.advance(2 * 3_600_000);
  await expect.poll(() => audit.verify()).toMatchObject({ entries: 2, first: 2, problem: null });
  expect(await state.getRun("old")).toBeNull();
  await expect.poll(() => state.countRows(scope.connectorId)).toMatchObject({ deleted: 0 });
  ending.abort();
  await expect(kept).rejects.toThrow();
});
