import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { pendingRows, runContext } from "../../test/support/run-context.ts";
import { memoryOf, plainEnrichment, syncHarness } from "../../test/support/sync-harness.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { BatchSize } from "./batch-size.ts";
import { Dispatcher } from "./dispatcher.ts";
import { InFlightWindow } from "./in-flight-window.ts";
import { ModelLane } from "./model-lane.ts";
import { Witness } from "./witness.ts";

async function dispatching(ids: readonly string[]) {
  const clock = new ManualClock();
  const sync = await syncHarness({}, clock, plainEnrichment, { backend: "memory" });
  const run = await runContext(sync);
  const lane = new ModelLane({ pauseMs: 1, maxPauses: 1, clock, onPause: () => undefined });
  const window = new InFlightWindow(8);
  const parts = { window, lane, size: new BatchSize(4), witness: new Witness(), requests: 1 };
  const rows = await pendingRows(
    sync,
    ids.map((id) => memoryOf(id)),
  );
  return { ...sync, clock, window, rows, dispatcher: new Dispatcher(run, parts) };
}

const busy = (retryAfterMs?: number) => ({
  error: new ConnectorError("SINK_BUSY", "later", retryAfterMs === undefined ? {} : { retryAfterMs }),
  when: "before" as const,
});

test("a busy LightRAG is left alone for as long as it says, and for a second when it says nothing", async () => {
  const world = await dispatching(["a"]);
  world.sink.submitFaults = [busy(7_000), busy()];
  await world.dispatcher.send(world.rows);
  expect(world.clock.sleeps).toEqual([7_000, 1_000]);
  expect(await world.row("a")).toMatchObject({ status: "submitted" });
});

test("a failure that an older attempt has left is not charged to this one", async () => {
  const world = await dispatching(["a"]);
  const [document] = world.rows;
  await world.sink.submit([{ fileSource: document?.fileSource ?? "", text: textOf(world, "a") }]);
  for (const record of world.sink.documents.values())
    Object.assign(record, { status: "failed", error: "old" });
  await world.dispatcher.send(world.rows);
  expect(await world.row("a")).toMatchObject({
    status: "deleting",
    deleteReason: "retry",
    attempts: 0,
    error: null,
  });
});

test("the window has room again for what was not taken", async () => {
  const world = await dispatching(["a", "b", "c"]);
  const refused = new ConnectorError("SINK_SERVER_ERROR", "no");
  world.sink.submit = async () => {
    throw refused;
  };
  await world.dispatcher.send(world.rows);
  await world.window.reserve(8, new AbortController().signal);
  await expect(world.dispatcher.conclude()).rejects.toBe(refused);
  for (const id of ["a", "b", "c"])
    expect(await world.row(id)).toMatchObject({ status: "pending", attempts: 0 });
});

test("a document that has LightRAG to itself keeps the window until it is settled", async () => {
  const world = await dispatching(["a"]);
  await world.dispatcher.send(world.rows, 8);
  expect(world.window.isFull).toBe(true);
  for (const entry of world.window.all()) world.window.settle(entry);
  expect(world.window.isFull).toBe(false);
});

function textOf({ transformer }: Pick<Awaited<ReturnType<typeof syncHarness>>, "transformer">, id: string) {
  const written = transformer.write("CTX", memoryOf(id));
  return written.kind === "document" ? written.text : "";
}
