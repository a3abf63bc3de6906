import pino from "pino";
import { expect, test } from "vitest";
import { makeStore } from "../../test/contract/state-manager-store.ts";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import { AuditLog } from "../audit/audit-log.ts";
import { serviceOrigin } from "../audit/audit-origin.ts";
import { keepHistoryShort } from "./history-cleanup.ts";

const dayMs = 86_400_000;

test("old entries of the audit log go at the configured time, and the chain holds", async () => {
  const clock = new SteppedClock();
  const state = await makeStore("json").open();
  const audit = new AuditLog(state.audit, clock);
  const record = () => audit.record(serviceOrigin(), { action: "config.reload", subject: null });
  await record();
  await clock.advance(2 * dayMs);
  await record();
  const cleanup = { enabled: true, retentionDays: 1, auditRetentionDays: 2, cron: "0 2 * * *" };
  const ending = new AbortController();
  const settings = () => cleanup;
  const kept = keepHistoryShort(
    { settings, state, audit, clock, log: pino({ enabled: false }) },
    ending.signal,
  );
  await clock.advance(2 * 3_600_000);
  await expect.poll(() => audit.verify()).toMatchObject({ entries: 2, first: 2, problem: null });
  ending.abort();
  await expect(kept).rejects.toThrow();
});
