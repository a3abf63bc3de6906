import { describe, expect, test } from "vitest";
import type { StoredAlert, StoredDelivery } from "../../src/state/notification-store.ts";
import type { StoredApiKey, StoredConnector } from "../../src/state/record-stores.ts";
import type { ScheduleRequest } from "../../src/state/schedule-request.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { pendingRow, runOf, saveSchedules, scheduleOf } from "./state-manager-samples.ts";
import { makeStore, type StoreName } from "./state-manager-store.ts";

const connector = (id: string, change: Partial<StoredConnector> = {}): StoredConnector => ({
  id,
  version: 0,
  settings: { id, context_id: "CTX", memory_api: { url: "http://127.0.0.1:1" } },
  createdAt: 1,
  changedAt: 1,
  ...change,
});
const key = (id: string, change: Partial<StoredApiKey> = {}): StoredApiKey => ({
  id,
  name: id,
  role: "viewer",
  hash: "00",
  createdAt: 1,
  endsAt: null,
  ...change,
});
const request = (id: string, change: Partial<ScheduleRequest> = {}): ScheduleRequest => ({
  id,
  kind: "trigger",
  connectorId: "a",
  wish: {},
  askedAt: 1,
  expiresAt: 100,
  takenAt: null,
  answer: null,
  ...change,
});
const alert = (id: string, change: Partial<StoredAlert> = {}): StoredAlert => ({
  id,
  version: 0,
  rule: "truncated",
  connectorId: "a",
  title: "t",
  text: "",
  since: 1,
  lastToldAt: 1,
  resolvedAt: null,
  ...change,
});
const delivery = (id: string, change: Partial<StoredDelivery> = {}): StoredDelivery => ({
  id,
  channelId: "ops",
  createdAt: 1,
  message: { title: "t", text: "", tone: "bad", events: [], dropped: 0 },
  attempts: 0,
  nextAttemptAt: 1,
  claimedUntil: 0,
  lastError: null,
  ...change,
});
const withCode = (code: string) => expect.objectContaining({ code });

/** What the port's comments promise of connectors and API keys, whichever backend keeps them. */
export function stateManagerRecordsSuite(backend: StoreName): void {
  describe(`${backend}: small collections`, () => {
    test("a connector is saved with the version that was read, and not with another", async () => {
      const state = await makeStore(backend).open();
      const first = await state.connectors.save(connector("a"));
      expect(first).toEqual(connector("a", { version: 1 }));
      for (const stale of [connector("a"), connector("a", { version: 2 }), connector("b", { version: 1 })]) {
        await expect(state.connectors.save(stale)).rejects.toEqual(withCode("STATE_CONFLICT"));
      }
      expect((await state.connectors.save({ ...first, changedAt: 5 })).version).toBe(2);
      expect(await state.connectors.get("a")).toEqual(connector("a", { version: 2, changedAt: 5 }));
      expect(await state.connectors.get("b")).toBeNull();
    });

    test("connectors are listed by id and removed one by one", async () => {
      const state = await makeStore(backend).open();
      for (const id of ["b", "a", "c"]) await state.connectors.save(connector(id));
      await state.connectors.remove("b");
      await state.connectors.remove("b");
      expect((await state.connectors.list()).map(({ id }) => id)).toEqual(["a", "c"]);
    });

    test("API keys are replaced by id and kept apart from the other collections", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      await state.connectors.save(connector("k"));
      await state.apiKeys.save([key("k"), key("j")]);
      await state.apiKeys.save([key("k", { endsAt: 9 })]);
      await state.close();
      const again = await store.open();
      expect(await again.apiKeys.list()).toEqual([key("j"), key("k", { endsAt: 9 })]);
      expect(await again.connectors.list()).toHaveLength(1);
    });

    test("the last use of an API key is kept beside what else changes, never goes back, and makes no key", async () => {
      const { apiKeys } = await makeStore(backend).open();
      await apiKeys.save([key("k")]);
      await apiKeys.save([key("k", { endsAt: 9 })]);
      for (const [id, at] of [
        ["k", 5],
        ["k", 3],
        ["nobody", 4],
      ] as const)
        await apiKeys.touch(id, at);
      expect(await apiKeys.list()).toEqual([key("k", { endsAt: 9, usedAt: 5 })]);
    });

    test("the sessions of a state have a name that stays, and that no other state has", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const names = await Promise.all([state.sessions.realm(), state.sessions.realm()]);
      await state.close();
      const again = await store.open();
      expect(names).toEqual(Array(2).fill(await again.sessions.realm()));
      expect(names[0]).toMatch(/^[\da-f]{8}$/u);
      expect(await (await makeStore(backend).open()).sessions.realm()).not.toBe(names[0]);
      expect(await again.sessions.list()).toEqual([]);
    });

    test("what was spent of a budget is replaced by connector and outlives the process", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const spent = { connectorId: "a", day: "2025-01-31", documents: 1, characters: 9, tokens: 3 };
      await state.budgets.save({ ...spent, spentOut: null });
      await state.budgets.save({ ...spent, documents: 2, spentOut: "documents" });
      await state.close();
      const again = await store.open();
      expect(await again.budgets.get("a")).toEqual({ ...spent, documents: 2, spentOut: "documents" });
      expect(await again.budgets.get("b")).toBeNull();
    });

    test("a request is given out once, oldest first, and its answer is there until it is withdrawn", async () => {
      const { scheduleRequests: requests } = await makeStore(backend).open();
      await requests.add(request("a", { askedAt: 2 }));
      await requests.add(request("b", { askedAt: 1 }));
      const rounds = await Promise.all([requests.take(5), requests.take(5)]);
      expect(rounds.flat().map(({ id, takenAt }) => [id, takenAt])).toEqual([
        ["b", 5],
        ["a", 5],
      ]);
      await requests.answer("a", { ok: true, runId: "r" });
      const answered = request("a", { askedAt: 2, takenAt: 5, answer: { ok: true, runId: "r" } });
      expect(await requests.get("a")).toEqual(answered);
      expect(await requests.withdraw("a")).toEqual(answered);
      expect([await requests.withdraw("a"), await requests.get("a")]).toEqual([null, null]);
      await requests.answer("a", { ok: true, runId: "r" });
      expect(await requests.get("a")).toBeNull();
    });

    test("a request of an earlier version, which knew no wish but `force`, keeps its wish", async () => {
      const { scheduleRequests: requests } = await makeStore(backend).open();
      const { wish: _, ...old } = request("a");
      await requests.add({ ...old, force: true } as never);
      await requests.add({ ...old, id: "b", force: false } as never);
      expect((await requests.take(5)).map(({ wish }) => wish)).toEqual([{ force: true }, {}]);
    });

    test("a request to a run is given to its process alone, and one to the process that schedules to no run", async () => {
      const { scheduleRequests: requests } = await makeStore(backend).open();
      await requests.add(request("scheduler"));
      await requests.add(request("run", { runId: "r" }));
      const taken = async (runId?: string) => (await requests.take(5, runId)).map(({ id }) => id);
      expect(await taken("other")).toEqual([]);
      expect(await taken()).toEqual(["scheduler"]);
      expect(await taken("r")).toEqual(["run"]);
      expect([await taken(), await taken("r")]).toEqual([[], []]);
    });

    test("a request that was withdrawn or has expired is never given out", async () => {
      const { scheduleRequests: requests } = await makeStore(backend).open();
      for (const id of ["withdrawn", "expired", "taken"]) await requests.add(request(id));
      await requests.withdraw("withdrawn");
      expect(await requests.take(100)).toEqual([]);
      expect(await requests.get("expired")).toBeNull();
    });

    test("alerts and what they tell are durable together, or neither is", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      await state.notifications.enqueue([alert("x")], [delivery("1")]);
      const stale = state.notifications.enqueue([alert("y"), alert("x")], [delivery("2")]);
      await expect(stale).rejects.toEqual(withCode("STATE_CONFLICT"));
      await state.close();
      const { notifications } = await store.open();
      expect(await notifications.listAlerts()).toEqual([alert("x", { version: 1 })]);
      expect(await notifications.listDeliveries()).toEqual([delivery("1")]);
      await notifications.enqueue([alert("x", { version: 1, resolvedAt: 5 })], []);
      expect((await notifications.listAlerts())[0]).toMatchObject({ version: 2, resolvedAt: 5 });
      await notifications.removeAlerts(["x", "unknown"]);
      expect(await notifications.listAlerts()).toEqual([]);
    });

    test("a delivery has one sender at a time, until its time is over", async () => {
      const { notifications } = await makeStore(backend).open();
      await notifications.enqueue([], [delivery("1")]);
      expect(await notifications.claimDelivery("1", 10, 20)).toEqual(delivery("1", { claimedUntil: 20 }));
      expect(await notifications.claimDelivery("1", 19, 29)).toBeNull();
      expect(await notifications.claimDelivery("1", 20, 30)).not.toBeNull();
      await notifications.saveDelivery(delivery("1", { attempts: 1, lastError: "down" }));
      expect(await notifications.claimDelivery("1", 21, 31)).toMatchObject({ attempts: 1 });
      await notifications.removeDeliveries(["1", "unknown"]);
      await notifications.saveDelivery(delivery("1"));
      expect(await notifications.claimDelivery("1", 40, 50)).toBeNull();
    });

    test("opened for reading only, the collections can be read and not changed", async () => {
      const store = makeStore(backend);
      const writing = await store.open();
      await writing.connectors.save(connector("a"));
      const reading = await store.open({ readOnly: true });
      expect(await reading.connectors.list()).toHaveLength(1);
      await expect(reading.connectors.remove("a")).rejects.toEqual(withCode("STATE_READ_ONLY"));
    });
  });
}

const everythingOf = (connectorId: string) => ({
  budget: {
    connectorId,
    day: "2025-01-31",
    documents: 1,
    characters: 9,
    tokens: 3,
    spentOut: null,
  },
  reconciliation: { connectorId, startedAt: 1 },
  backfill: { connectorId, since: 0, until: 9, requestedAt: 1, listedAt: null, finishedAt: null },
  unread: {
    connectorId,
    contextId: "CTX",
    memoryId: "m",
    kind: "audio" as const,
    standing: "dead" as const,
    tried: "t",
    bytes: null,
    failures: 5,
    failedAt: 1,
    error: { code: "MODEL_UNREACHABLE" as const, message: "gone", hint: "wait" },
  },
});

async function fill(state: StateManager, connectorId: string): Promise<void> {
  const { budget, reconciliation, backfill, unread } = everythingOf(connectorId);
  await state.budgets.save(budget);
  await state.reconciliations.save(reconciliation);
  await state.backfills.save(backfill);
  await state.unreadMedia.save([unread]);
  await state.saveRows([pendingRow({ connectorId, memoryId: "m" })]);
  await state.saveRun(runOf(`run of ${connectorId}`, { connectorId }));
  await saveSchedules(state, [scheduleOf(connectorId)]);
  await state.connectors.save(connector(connectorId));
}

/** What is left of a connector. */
async function leftOf(state: StateManager, connectorId: string) {
  const [budget, reconciliation, backfill, unread, { runs }, schedules, stored, rows] = await Promise.all([
    state.budgets.get(connectorId),
    state.reconciliations.get(connectorId),
    state.backfills.get(connectorId),
    state.unreadMedia.list(connectorId),
    state.listRuns({ connectorId, limit: 9 }),
    state.listSchedules(),
    state.connectors.get(connectorId),
    state.countRows(connectorId),
  ]);
  const found = {
    budget: budget !== null,
    reconciliation: reconciliation !== null,
    backfill: backfill !== null,
    unread: unread.length > 0,
    runs: runs.length > 0,
    schedule: schedules.some((schedule) => schedule.connectorId === connectorId),
    connector: stored !== null,
    rows: rows.pending > 0,
  };
  return Object.keys(found).filter((name) => found[name as keyof typeof found]);
}

/** What a reset and a removal leave, see `ownership.ts`. */
export function forgettingSuite(backend: StoreName): void {
  describe(`${backend}: forgetting a connector`, () => {
    test("a reset forgets what is known of its memories, a removal the connector, and neither touches another one", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      for (const id of ["a", "b"]) await fill(state, id);
      const all = await leftOf(state, "b");
      expect(all).toHaveLength(8);
      expect(await state.resetConnector("a")).toBe(1);
      expect(await leftOf(state, "a")).toEqual(["runs", "schedule", "connector"]);
      await state.forgetConnector("a");
      await state.close();
      const again = await store.open();
      expect(await leftOf(again, "a")).toEqual(["runs"]);
      expect(await leftOf(again, "b")).toEqual(all);
    });
  });
}
