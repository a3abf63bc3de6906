import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { AdmissionControl } from "./admission.ts";

test("no more is paid for at once than may be in flight", async () => {
  const budget = { documents: 100, characters: null, tokens: null };
  const sync = await quickHarness({ budget, maxInFlight: 2 });
  await pendingRows(
    sync,
    ["a", "b", "c", "d", "e"].map((id) => memoryOf(id)),
  );
  const admission = new AdmissionControl(await runContext(sync));
  await admission.extend();
  expect(admission).toMatchObject({ extendedBy: 2, isSpent: false });
  expect(await admission.takePending()).toHaveLength(2);
});

/** Rows that wait to be sent, and an admission over them. */
async function allowing(
  ids: readonly string[],
  settings: object,
  change: (id: string) => object = () => ({}),
) {
  const sync = await quickHarness(settings);
  const rows = await pendingRows(
    sync,
    ids.map((id) => memoryOf(id)),
  );
  const saved = await sync.state.saveRows(rows.map((row) => ({ ...row, ...change(row.memoryId) })));
  const told: unknown[] = [];
  sync.events.on("run:budget-spent", (event) => told.push(event));
  const run = await runContext(sync);
  return { ...sync, rows: saved, told, run, admission: new AdmissionControl(run) };
}

const documents = (count: number) => ({ budget: { documents: count, characters: null, tokens: null } });
const idsOf = (rows: readonly { memoryId: string }[]) => rows.map(({ memoryId }) => memoryId).sort();

test("without a budget and a backfill everything may be worked on, and nothing is paid for", async () => {
  const { admission, rows, state } = await allowing(["a"], {});
  await admission.extend();
  expect(admission).toMatchObject({ isLimited: false, isSpent: false, putsOff: false, extendedBy: 0 });
  expect(rows.every((row) => admission.covers(row))).toBe(true);
  expect(await state.budgets.get("c")).toBeNull();
});

test("what is paid for may be worked on, what does not fit waits, and whoever looks on is told how many", async () => {
  const { admission, rows, told, state } = await allowing(["a", "b", "c"], documents(2), (id) =>
    id === "c" ? { status: "deleting", deleteReason: "update" } : {},
  );
  expect(rows.some((row) => admission.covers(row))).toBe(false);
  await admission.extend();
  expect(admission).toMatchObject({ isLimited: true, isSpent: true, putsOff: true, extendedBy: 2 });
  expect(rows.filter((row) => admission.covers(row))).toHaveLength(2);
  expect(told).toEqual([{ runId: "r", connectorId: "c", waiting: 1 }]);
  expect(await state.budgets.get("c")).toMatchObject({ documents: 2, spentOut: "documents" });
});

test("an old document is paid for before it goes, and is ready once it is gone", async () => {
  const { admission, rows, state } = await allowing(["a", "b"], documents(9), (id) =>
    id === "b" ? { status: "deleting", deleteReason: "update" } : {},
  );
  await admission.extend();
  expect(admission).toMatchObject({ isSpent: false, putsOff: false });
  expect(idsOf(await admission.takePending())).toEqual(["a"]);
  const gone = rows.filter(({ memoryId }) => memoryId === "b");
  await state.saveRows(gone.map((row) => ({ ...row, status: "pending" as const, deleteReason: null })));
  expect(idsOf(await admission.takePending())).toEqual(["b"]);
  expect(await admission.takePending()).toEqual([]);
});

test.each(["propagate", "withdraw"])(
  "a removal that no insert follows (%s) costs nothing",
  async (deleteReason) => {
    const { admission, rows, state } = await allowing(["a"], documents(1), () => ({
      status: "deleting",
      deleteReason,
    }));
    await admission.extend();
    expect(admission.extendedBy).toBe(0);
    expect(rows.every((row) => admission.covers(row))).toBe(true);
    expect(await state.budgets.get("c")).toBeNull();
  },
);

test("a document that no day has room for is a dead letter, and the others go", async () => {
  const { admission, row, state } = await allowing(
    ["a", "b"],
    {
      budget: { documents: null, characters: 300, tokens: null },
    },
    (id) => (id === "a" ? { payload: memoryOf("a", { transcript: "long ".repeat(100) }) } : {}),
  );
  await admission.extend();
  expect(await row("a")).toMatchObject({
    status: "dead",
    error: {
      code: "BUDGET_TOO_SMALL",
      message: "the document has more characters than the budget of a whole day allows",
    },
  });
  expect(idsOf(await admission.takePending())).toEqual(["b"]);
  expect((await state.budgets.get("c"))?.documents).toBe(1);
});

test("a memory that is to be skipped now costs nothing", async () => {
  const { admission, state } = await allowing(["a"], documents(0), () => ({
    payload: memoryOf("a", { transcript: "" }),
  }));
  await admission.extend();
  expect(admission).toMatchObject({ extendedBy: 1, isSpent: false });
  expect((await state.budgets.get("c"))?.documents ?? 0).toBe(0);
});
