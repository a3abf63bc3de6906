import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { AdmissionControl } from "../guards/admission.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { AcceptanceProbe } from "./acceptance-probe.ts";
import { BatchSize } from "./batch-size.ts";
import { InFlightWindow } from "./in-flight-window.ts";
import { ModelBackoff } from "./model-backoff.ts";
import { batchSizeOf, submitPending } from "./submit.ts";

const shared = { code: "SINK_SHARED_FAILURE", message: "together", hint: "" } as const;
const flush = { code: "SINK_DOCUMENT_FAILED", message: "index flush failed", hint: "" } as const;
const own = { code: "SINK_DOCUMENT_FAILED", message: "no", hint: "" } as const;
const unlimited = { documents: null, characters: null, tokens: null };

/** Pending rows m00, m01, … each a day younger than the one before it, and what is asked of LightRAG for them. */
async function submitting(count: number, change: Partial<SyncSettings> = {}) {
  const sync = await quickHarness({ concurrency: 4, maxInFlight: 100, ...change });
  const run = await runContext(sync);
  await pendingRows(
    sync,
    Array.from({ length: count }, (_, at) =>
      memoryOf(`m${String(at).padStart(2, "0")}`, {
        createdAt: new Date(Date.UTC(2024, 0, 1 + at)).toISOString(),
      }),
    ),
  );
  const asked: string[] = [];
  const submit = sync.sink.submit.bind(sync.sink);
  const refused = new Set<string>();
  sync.sink.submit = async (documents) => {
    const ids = documents.map(({ fileSource }) => fileSource.split("@")[0] ?? "");
    asked.push(ids.join(" "));
    if (ids.some((id) => refused.has(id))) throw new ConnectorError("SINK_SERVER_ERROR", "no");
    return submit(documents);
  };
  const go = async () => {
    const admission = new AdmissionControl(run);
    await admission.extend();
    const backoff = new ModelBackoff({
      pauseMs: 1,
      maxPauses: 1,
      clock: sync.clock,
      onPause: () => undefined,
    });
    const window = new InFlightWindow(run.settings.maxInFlight);
    const parts = {
      admission,
      backoff,
      window,
      probe: new AcceptanceProbe(),
      size: new BatchSize(batchSizeOf(run)),
      signal: run.signal,
    };
    return submitPending(run, parts);
  };
  const refuse = (...ids: string[]) => {
    for (const id of ids) refused.add(id);
  };
  return { ...sync, run, asked, go, refuse };
}

test.each([
  [{ concurrency: 4, maxInFlight: 100 }, 4],
  [{ concurrency: 2, maxInFlight: 100 }, 2],
  [{ concurrency: 4, maxInFlight: 3 }, 3],
  [{ concurrency: 40, maxInFlight: 100 }, 4],
])("a request carries as many documents as server and settings %j allow", async (change, size) => {
  expect(batchSizeOf((await submitting(0, change)).run)).toBe(size);
});

test("pending rows leave oldest first, in full batches and a rest", async () => {
  const world = await submitting(6);
  await world.go();
  expect(world.asked).toEqual(["m00 m01 m02 m03", "m04 m05"]);
  expect(await world.state.countRows("c")).toMatchObject({ submitted: 6, pending: 0 });
});

test("with a budget the newest leave first, and only so many", async () => {
  const world = await submitting(6, { budget: { ...unlimited, documents: 3 } });
  await world.go();
  expect(world.asked).toEqual(["m05 m04 m03"]);
});

test.each([
  ["without", unlimited],
  ["with", { ...unlimited, documents: 100 }],
])("what has failed together with others comes last and alone, %s a budget", async (_, budget) => {
  const world = await submitting(5, { budget, maxInFlight: 5 });
  for (const [id, error] of [
    ["m00", shared],
    ["m01", flush],
    ["m02", own],
  ] as const)
    await world.state.saveRows([{ ...(await world.row(id)), error }]);
  world.sink.onInsert = () => undefined;
  // Nobody settles what was sent, so that those that need the whole window are still waited for.
  void world.go();
  await world.clock.sleep(1_000);
  expect(world.asked.map((ids) => ids.split(" ").toSorted())).toEqual([["m02", "m03", "m04"]]);
  expect(await world.state.countRows("c")).toMatchObject({ submitted: 3, pending: 2 });
});

test("a LightRAG that refuses everything is not offered everything", async () => {
  const world = await submitting(40);
  world.refuse(...Array.from({ length: 40 }, (_, at) => `m${String(at).padStart(2, "0")}`));
  await expect(world.go()).rejects.toMatchObject({ code: "SINK_SERVER_ERROR" });
  expect(await world.state.countRows("c")).toMatchObject({ pending: 40, failed: 0 });
  const tried = new Set(world.asked.flatMap((ids) => ids.split(" ")));
  expect(tried.size).toBeLessThan(40);
  for (const last of ["m39", "m38", "m37"]) expect(tried).toContain(last);
});

test.each([
  ["without", unlimited],
  ["with", { ...unlimited, documents: 100 }],
])(
  "many poison documents at the head of the queue do not keep the others from arriving, %s a budget",
  async (_, budget) => {
    const world = await submitting(30, { budget });
    const poison = Array.from({ length: 12 }, (_, at) => `m${String(at).padStart(2, "0")}`);
    const newest = Array.from({ length: 12 }, (_, at) => `m${29 - at}`);
    const bad = budget.documents === null ? poison : newest;
    world.refuse(...bad);
    await world.go();
    // What was held back in doubt goes with the next round.
    await world.go();
    expect(await world.state.countRows("c")).toMatchObject({ submitted: 18, failed: 12, pending: 0 });
    for (const id of bad) expect(await world.row(id)).toMatchObject({ attempts: 1 });
  },
);

test("nothing is submitted for nothing", async () => {
  const world = await submitting(0);
  await world.go();
  expect(world.asked).toEqual([]);
});
