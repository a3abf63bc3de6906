import { expect, test, vi } from "vitest";
import type * as z from "zod";
import { pendingRows } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness, testSettings } from "../../../test/support/sync-harness.ts";
import type { AuditChange } from "../../access/audit/audit-log.ts";
import { applyEvent } from "../../domain/ledger.ts";
import { LedgerWriter } from "../../sync/ledger-writer.ts";
import type { DayBudget } from "../../sync/sync-settings.ts";
import type { OperationContext } from "../operation-context.ts";
import { changeDeadLetters } from "./change-dead-letters.ts";

/** Dead letters `early` (failed at 1,000) and `late` (at 5,000), and a medium of `well` that waits. */
async function withDeadLetters(budget: DayBudget = testSettings.budget) {
  const sync = await quickHarness();
  const { state, clock, transformer } = sync;
  const rows = await pendingRows(
    sync,
    ["early", "late", "well"].map((id) => memoryOf(id)),
  );
  const error = { code: "SINK_REJECTED", message: "no", hint: "" } as const;
  const [early, late, well] = rows.map((row, at) =>
    applyEvent(row, { type: "die", error }, at * 4_000 + 1_000),
  );
  await state.saveRows([early!, late!, { ...rows[2]!, status: "processed", documentId: "d" }]);
  const { connectorId, contextId, memoryId } = well!;
  await state.unreadMedia.save([
    {
      ...{ connectorId, contextId, memoryId, kind: "audio", standing: "waiting", tried: "t", bytes: null },
      ...{ failures: 1, failedAt: 1, error: { code: "MEDIA_NOT_FOUND", message: "no", hint: "" } },
    },
  ]);
  const recorded: AuditChange[] = [];
  const connector = { id: "c", contextIds: ["CTX"], budget, timezone: "UTC" };
  const services = {
    ...{ state, connectors: { configs: () => [connector] }, connector: () => connector },
    ledgerOf: async () => new LedgerWriter(sync),
    withParts: async (_: unknown, work: (parts: object) => unknown) => work({ transformer }),
  };
  const context = {
    ...{ services, service: null, clock, signal: new AbortController().signal },
    record: async (change: AuditChange) => void recorded.push(change),
  } as unknown as OperationContext;
  const change = (given: z.input<typeof changeDeadLetters.input>) =>
    changeDeadLetters.run(context, changeDeadLetters.input.parse(given));
  const row = async (id: string) => (await state.getRows({ connectorId, contextId }, [id])).get(id);
  return { state, change, row, recorded, clock };
}

test("nobody changes dead letters while a run is under way, and nothing is recorded", async () => {
  const { state, change, row, recorded } = await withDeadLetters();
  await state.lockConnector("c");
  await expect(change({ action: "drop", all: true })).rejects.toMatchObject({ code: "CONNECTOR_LOCKED" });
  expect(await row("early")).toMatchObject({ status: "dead" });
  expect(recorded).toEqual([]);
});

test.each([
  ["since a time", { since: "1970-01-01T00:00:05Z" }, ["late"]],
  ["until a time", { until: "1970-01-01T00:00:01Z" }, ["early"]],
  ["between two", { since: "1970-01-01T00:00:02Z", until: "1970-01-01T00:00:04Z" }, []],
  ["waiting media, when they are asked for", { status: "waiting" as const }, ["well"]],
  ["all, but not what waits by itself", { all: true as const }, ["early", "late"]],
])("hit by a filter: %s", async (_, filter, hit) => {
  const { change, recorded } = await withDeadLetters();
  const preview = await change({ action: "drop", dryRun: true, ...filter });
  expect([preview.count, [...preview.memoryIds].toSorted()]).toEqual([hit.length, hit]);
  expect(recorded).toEqual([]);
  const done = await change({ action: "drop", atMost: hit.length, ...filter });
  expect([done.dropped, [...done.memoryIds].toSorted()]).toEqual([hit.length, hit]);
  expect(recorded).toHaveLength(hit.length === 0 ? 0 : 1);
});

test("more than were expected are refused, and none is changed", async () => {
  const { change, row } = await withDeadLetters();
  await expect(change({ action: "drop", all: true, atMost: 1 })).rejects.toMatchObject({
    code: "DEAD_LETTERS_EXCEEDED",
  });
  expect(await row("early")).toMatchObject({ status: "dead" });
});

test.each([
  ["a preview", { dryRun: true }, 1],
  ["a change, after a look at the first page whether there is anything", {}, 2],
  ["a change that is held to a number", { atMost: 2 }, 3],
])("what is hit is read no more often than needed: %s", async (_, given, pages) => {
  const { state, change } = await withDeadLetters();
  const read = vi.spyOn(state, "pageRows");
  await change({ action: "replay", all: true, ...given });
  expect(read).toHaveBeenCalledTimes(pages);
});

test("a preview of a replay says whose memories it hits, what would be sent, and what is not known before", async () => {
  const { change } = await withDeadLetters();
  const preview = await change({ action: "replay", all: true, dryRun: true });
  expect(preview).toMatchObject({
    connectors: [{ connectorId: "c", count: 2 }],
    cost: { documents: 2, removals: 0, unknown: 0, budgets: [] },
  });
  const { characters = 0, estimatedTokens } = preview.cost ?? {};
  expect(characters).toBeGreaterThan(0);
  expect(estimatedTokens).toBeGreaterThan(characters / 5);
  expect(estimatedTokens).toBeLessThan(characters / 2);
  const media = await change({ action: "replay", status: "waiting", dryRun: true });
  expect(media).toMatchObject({ count: 1, cost: { documents: 0, characters: 0, unknown: 1 } });
});

test("a preview of a replay says what the budget of today would hold back, and the real call says nothing of costs", async () => {
  const { change, state, clock } = await withDeadLetters({ documents: 4, characters: null, tokens: null });
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  await state.budgets.save({ connectorId: "c", day, documents: 3, characters: 0, tokens: 0, spentOut: null });
  const { cost } = await change({ action: "replay", all: true, dryRun: true });
  const left = { documents: 1, characters: null, tokens: null };
  expect(cost?.budgets).toEqual([{ connectorId: "c", left, held: 1, tooLarge: 0 }]);
  expect(await change({ action: "drop", all: true, dryRun: true })).toMatchObject({ cost: null });
  expect(await change({ action: "replay", all: true })).toMatchObject({ count: 2, cost: null });
});
