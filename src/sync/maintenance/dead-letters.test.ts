import { expect, test } from "vitest";
import { pendingRows } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { applyEvent } from "../../domain/ledger.ts";
import type { LedgerEvent } from "../../domain/ledger-event.ts";
import { LedgerWriter } from "../ledger-writer.ts";
import {
  changeDeadLetter,
  changeDeadLetters,
  findDeadLetters,
  findWaitingForMedia,
  getDeadLetter,
  isWaitingForMedia,
} from "./dead-letters.ts";

const die = (code: "SINK_BUSY" | "SINK_REJECTED"): LedgerEvent => ({
  type: "die",
  error: { code, message: "no", hint: "" },
});

/** Dead letters a (busy), b and empty (rejected), of which `empty` has nothing to send, beside a row that is well. */
async function withDeadLetters() {
  const sync = await quickHarness({}, { startAt: 7 });
  const { state } = sync;
  const rows = await pendingRows(
    sync,
    ["a", "b", "empty", "well"].map((id) => memoryOf(id)),
  );
  const [a, b, empty] = rows;
  if (a === undefined || b === undefined || empty === undefined) throw new Error("no rows");
  const dead = [
    applyEvent(a, die("SINK_BUSY"), 1),
    applyEvent(b, die("SINK_REJECTED"), 1),
    { ...applyEvent(empty, die("SINK_REJECTED"), 1), payload: null },
  ];
  await state.saveRows(dead);
  const row = async (id: string) =>
    (await state.getRows({ connectorId: "c", contextId: "CTX" }, [id])).get(id);
  return { state, row, parts: { state, ledger: new LedgerWriter(sync) } };
}

const ids = (rows: readonly { memoryId: string }[]) => rows.map(({ memoryId }) => memoryId);
const key = (memoryId: string) => ({ connectorId: "c", contextId: "CTX", memoryId });

test.each([
  ["none given", {}, ["a", "b", "empty"]],
  ["ids", { ids: ["b", "well", "x"] }, ["b"]],
  ["codes", { codes: ["SINK_REJECTED"] }, ["b", "empty"]],
  ["ids and codes", { ids: ["a", "b"], codes: ["SINK_BUSY"] }, ["a"]],
  ["another context", { contextId: "OTHER" }, []],
  ["their context", { contextId: "CTX" }, ["a", "b", "empty"]],
])("dead letters are found by %s", async (_, filter, found) => {
  const { state } = await withDeadLetters();
  expect(ids(await findDeadLetters(state, "c", filter))).toEqual(found);
});

test("no more dead letters are found than are wanted", async () => {
  const { state } = await withDeadLetters();
  expect(ids(await findDeadLetters(state, "c", {}, 2))).toEqual(["a", "b"]);
  expect(ids(await findDeadLetters(state, "other", {}))).toEqual([]);
});

test("one dead letter is there or is not known", async () => {
  const { state } = await withDeadLetters();
  expect(await getDeadLetter(state, key("a"))).toMatchObject({ memoryId: "a", status: "dead" });
  for (const id of ["well", "nobody"])
    await expect(getDeadLetter(state, key(id))).rejects.toMatchObject({
      code: "DEAD_LETTER_UNKNOWN",
      message: `connector "c" has no dead letter "${id}" in context "CTX"`,
      subject: id,
    });
});

test("a replay makes a dead letter ready again, a drop gives it up, durably and untouched by a second one", async () => {
  const { state, row, parts } = await withDeadLetters();
  expect(await changeDeadLetter(parts, key("a"), { type: "replay" })).toMatchObject({ status: "pending" });
  expect(await row("a")).toMatchObject({ status: "pending", attempts: 0, error: null, changedAt: 7 });
  await changeDeadLetter(parts, key("b"), { type: "drop" });
  expect(await row("b")).toMatchObject({ status: "skipped", skipReason: "dropped" });
  await expect(changeDeadLetter(parts, key("a"), { type: "replay" })).rejects.toMatchObject({
    code: "DEAD_LETTER_UNKNOWN",
  });
  await expect(changeDeadLetter(parts, key("empty"), { type: "replay" })).rejects.toMatchObject({
    code: "DEAD_LETTER_EMPTY",
  });
  await (await state.lockConnector("c")).release();
});

test("a replay of many leaves those alone that have nothing to send, and says which it has changed", async () => {
  const { state, row, parts } = await withDeadLetters();
  const replayed = await changeDeadLetters(parts, "c", {}, { type: "replay" });
  expect([...replayed.memoryIds]).toEqual(["a", "b"]);
  expect(await row("empty")).toMatchObject({ status: "dead" });
  expect(await row("b")).toMatchObject({ status: "pending", changedAt: 7 });
  const dropped = await changeDeadLetters(parts, "c", { ids: ["empty"] }, { type: "drop" });
  expect([...dropped.memoryIds]).toEqual(["empty"]);
  await (await state.lockConnector("c")).release();
});

test("nobody changes dead letters while a run is under way", async () => {
  const { state, row, parts } = await withDeadLetters();
  await state.lockConnector("c");
  const locked = { code: "CONNECTOR_LOCKED" };
  await expect(changeDeadLetter(parts, key("a"), { type: "drop" })).rejects.toMatchObject(locked);
  expect(await row("a")).toMatchObject({ status: "dead" });
});

test("memories that wait for a medium are found among those that are skipped", async () => {
  const { state, row } = await withDeadLetters();
  const well = await row("well");
  if (well === undefined) throw new Error("no row");
  const skipped = { ...well, status: "skipped" as const };
  await state.saveRows([{ ...skipped, skipReason: "pending_media" }]);
  const others = ["x", "y", "z"].map((memoryId) => ({ ...skipped, memoryId, version: 0 }));
  await state.saveRows(
    others.map((other) => ({
      ...other,
      skipReason: other.memoryId === "y" ? "empty_transcript" : "pending_media",
    })),
  );
  expect(ids(await findWaitingForMedia(state, "c", 10))).toEqual(["well", "x", "z"]);
  expect(ids(await findWaitingForMedia(state, "c", 2))).toEqual(["well", "x"]);
  expect(await findWaitingForMedia(state, "c", 0)).toEqual([]);
  expect(isWaitingForMedia({ ...skipped, status: "dead", skipReason: "pending_media" })).toBe(false);
});
