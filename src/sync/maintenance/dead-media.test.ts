import { describe, expect, test } from "vitest";
import { pendingRows } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";
import { changeDeadMedia, findDeadMedia } from "./dead-media.ts";

const scope = { connectorId: "c", contextId: "CTX" };
const created = Date.parse("2025-01-01T00:00:00Z");

const medium = (memoryId: string, change: Partial<UnreadMedium> = {}): UnreadMedium => ({
  ...scope,
  memoryId,
  kind: "audio",
  standing: "dead",
  tried: "t",
  bytes: null,
  failures: 3,
  failedAt: 1,
  error: { code: "MEDIA_NOT_FOUND", message: "no", hint: "" },
  ...change,
});

/** Memories a, b and c with dead media, of which that of c is too large, and w, whose medium still waits. */
async function withDeadMedia(changes: Record<string, Partial<LedgerRow>> = {}) {
  const sync = await quickHarness();
  const rows = await pendingRows(
    sync,
    ["a", "b", "c", "w"].map((id) => memoryOf(id)),
  );
  await sync.state.saveRows(rows.map((row) => ({ ...row, ...changes[row.memoryId] })));
  const tooLarge = { code: "MEDIA_TOO_LARGE", message: "no", hint: "" } as const;
  await sync.state.unreadMedia.save([
    medium("a"),
    medium("b"),
    medium("c", { error: tooLarge }),
    medium("w", { standing: "waiting" }),
    medium("x", { connectorId: "other" }),
  ]);
  const standings = async () =>
    Object.fromEntries(
      (await sync.state.unreadMedia.list("c")).map(({ memoryId, standing }) => [memoryId, standing]),
    );
  return { state: sync.state, standings };
}

const ids = (media: readonly UnreadMedium[]) => media.map(({ memoryId }) => memoryId).toSorted();

describe("dead media are found", () => {
  test.each([
    ["all, when none are named", {}, ["a", "b", "c"]],
    ["by memory, and no others of it", { ids: ["b", "w", "x"] }, ["b"]],
    ["by code", { codes: ["MEDIA_TOO_LARGE"] }, ["c"]],
    ["by memory and code", { ids: ["a", "c"], codes: ["MEDIA_NOT_FOUND"] }, ["a"]],
    ["by context", { contextId: "CTX" }, ["a", "b", "c"]],
    ["in no other context", { contextId: "OTHER" }, []],
  ])("%s", async (_, filter, found) => {
    const { state } = await withDeadMedia();
    expect(ids(await findDeadMedia(state, "c", filter))).toEqual(found);
  });

  test("as many as are wanted", async () => {
    const { state } = await withDeadMedia();
    expect(await findDeadMedia(state, "c", {}, 2)).toHaveLength(2);
    expect(await findDeadMedia(state, "c", {}, 0)).toEqual([]);
  });

  test("only of memories that are there", async () => {
    const { state } = await withDeadMedia({
      a: { status: "deleted" },
      b: { status: "skipped", skipReason: "erased" },
    });
    await state.unreadMedia.save([medium("unknown")]);
    expect(ids(await findDeadMedia(state, "c", {}))).toEqual(["c"]);
  });
});

test("media that are dropped are tried no more, and those that wait only when their memory is named", async () => {
  const { state, standings } = await withDeadMedia();
  expect(ids(await changeDeadMedia(state, "c", { ids: ["a", "w"] }, "drop"))).toEqual(["a", "w"]);
  expect(await standings()).toEqual({ a: "dropped", b: "dead", c: "dead", w: "dropped" });
  expect(ids(await changeDeadMedia(state, "c", {}, "drop"))).toEqual(["b", "c"]);
  expect(await changeDeadMedia(state, "c", { ids: ["a"] }, "replay")).toEqual([]);
});

test("media that are replayed begin anew", async () => {
  const { state, standings } = await withDeadMedia();
  expect(ids(await changeDeadMedia(state, "c", { codes: ["MEDIA_NOT_FOUND"] }, "replay"))).toEqual([
    "a",
    "b",
  ]);
  expect(await standings()).toEqual({ c: "dead", w: "waiting" });
});

test.each<[string, number | null, Partial<LedgerRow>, "replay" | "drop", number | null]>([
  ["goes back to the memory", created + 1, {}, "replay", created],
  ["stays where it is before the memory", created - 1, {}, "replay", created - 1],
  ["stays away where there was none", null, {}, "replay", null],
  ["stays for a memory without a time", created + 1, { memoryCreatedAt: null }, "replay", created + 1],
  ["stays for a memory that is gone", created + 1, { status: "deleted" }, "replay", created + 1],
  ["stays for a medium that is dropped", created + 1, {}, "drop", created + 1],
])("the watermark %s", async (_, watermark, change, what, after) => {
  const { state } = await withDeadMedia({ a: change });
  const known = { ...scope, lastCompleteListingAt: 1, truncated: null, lastListingCount: 4 };
  await state.saveSyncState({ ...known, watermark });
  await changeDeadMedia(state, "c", { ids: ["a"] }, what);
  expect(await state.getSyncState(scope)).toMatchObject({ ...known, watermark: after });
});

test("media of memories that are gone are neither listed nor reached", async () => {
  const { state, standings } = await withDeadMedia({ a: { status: "deleted" } });
  expect(ids(await changeDeadMedia(state, "c", {}, "drop"))).toEqual(["b", "c"]);
  expect(await standings()).toMatchObject({ a: "dead" });
});

test("a replay that is cut short leaves the media to be replayed again", async () => {
  const { state, standings } = await withDeadMedia();
  const known = { watermark: created + 1, lastCompleteListingAt: 1, lastListingCount: 4, truncated: null };
  await state.saveSyncState({ ...scope, ...known });
  const full = new Error("full");
  const broken = Object.assign(Object.create(state), { saveSyncState: () => Promise.reject(full) });
  await expect(changeDeadMedia(broken, "c", { ids: ["a"] }, "replay")).rejects.toBe(full);
  expect(await standings()).toMatchObject({ a: "dead" });
});
