import { expect, test } from "vitest";
import { memoryOf, plainEnrichment, quickHarness } from "../../test/support/sync-harness.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { SyncSettings } from "./sync-settings.ts";

const three = ["a", "b", "c"].map((id) => memoryOf(id));

test("new memories are delivered and proved, and a second run sends nothing", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  const first = await sync.run();
  expect(first).toMatchObject({
    outcome: "success",
    counts: { fetched: 3, new: 3, submitted: 3, processed: 3 },
  });
  expect((await sync.row("a")).payload).toBeNull();
  const calls = sync.sink.calls.length;
  const second = await sync.run();
  expect(second).toMatchObject({ outcome: "success", counts: { fetched: 3, unchanged: 3, submitted: 0 } });
  expect(sync.sink.calls).toHaveLength(calls);
});

test("a changed memory replaces its document, and one that became empty loses it", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  await sync.run();
  sync.source.memories = [
    memoryOf("a", { transcript: "something else" }),
    memoryOf("b", { transcript: " " }),
    memoryOf("c"),
  ];
  const run = await sync.run();
  expect(run).toMatchObject({
    outcome: "success",
    counts: { changed: 2, unchanged: 1, skipped: 1, deleted: 2, processed: 1 },
  });
  expect(sync.sink.texts().get("a@CTX.md")).toContain("something else");
  expect([...sync.sink.texts().keys()].sort()).toEqual(["a@CTX.md", "c@CTX.md"]);
  expect(await sync.row("b")).toMatchObject({ status: "skipped", skipReason: "empty_transcript" });
  sync.source.memories = three;
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { changed: 2, processed: 2 } });
});

test("an empty transcript is skipped and taken up when it fills", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("a", { transcript: "", audio: true })];
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { skipped: 1, submitted: 0 } });
  expect(await sync.run()).toMatchObject({ counts: { unchanged: 1, skipped: 0 } });
  sync.source.memories = [memoryOf("a", { transcript: "now it speaks", audio: true })];
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { changed: 1, processed: 1 } });
});

test("an insert whose answer was lost is settled by LightRAG's records and not sent again", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  sync.sink.submitFaults = [{ error: new ConnectorError("SINK_OUTCOME_UNKNOWN", "reset"), when: "after" }];
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 3 } });
  expect(sync.sink.calls).toEqual(["submit 3"]);
});

test("an insert that never arrived is sent again in halves, without losing an attempt", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  sync.sink.submitFaults = [{ error: new ConnectorError("SINK_OUTCOME_UNKNOWN", "reset"), when: "before" }];
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 3, submitted: 3 } });
  expect(sync.sink.calls).toEqual(["submit 3", "submit 2", "submit 1"]);
});

test("a busy LightRAG is waited for, as long as it says", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  const busy = new ConnectorError("SINK_BUSY", "later", { retryAfterMs: 5 });
  sync.sink.submitFaults = [busy, busy].map((error) => ({ error, when: "before" as const }));
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 3 } });
});

test("an update waits while LightRAG is too busy to delete, and loses no attempt", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  await sync.run();
  sync.source.memories = [memoryOf("a", { transcript: "other" })];
  sync.sink.removeFaults = Array.from(
    { length: 5 },
    () => new ConnectorError("SINK_BUSY", "working", { retryAfterMs: 1 }),
  );
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 1, deleted: 1 } });
});

test("a deletion that keeps failing makes a dead letter and does not touch the others", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  await sync.run();
  sync.source.memories = [memoryOf("a", { transcript: "other" }), memoryOf("new")];
  sync.sink.removeFaults = Array.from({ length: 3 }, () => new ConnectorError("SINK_DOCUMENT_FAILED", "no"));
  expect(await sync.run()).toMatchObject({ outcome: "partial", counts: { dead: 1, processed: 1 } });
  expect(await sync.row("a")).toMatchObject({ status: "dead", error: { code: "SINK_DOCUMENT_FAILED" } });
});

test("a document that LightRAG cannot process is tried again as often as the policy says, then it is a dead letter", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  sync.sink.onInsert = (record) =>
    record.fileSource.startsWith("b@")
      ? Object.assign(record, { status: "failed", error: "model said no" })
      : Object.assign(record, { status: "processed", chunks: 1 });
  const run = await sync.run();
  expect(run).toMatchObject({ outcome: "partial", counts: { processed: 2, dead: 1, deadLetters: 1 } });
  expect(run.errors).toMatchObject([{ code: "SINK_DOCUMENT_FAILED", count: 3, examples: ["b"] }]);
  expect(await sync.row("b")).toMatchObject({ status: "dead", attempts: 3 });
  expect((await sync.run()).outcome).toBe("partial");
});

test("a passing failure ends well: the failed document is removed before the next try", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  let failures = 2;
  sync.sink.onInsert = (record) => {
    const fails = record.fileSource.startsWith("b@") && failures-- > 0;
    Object.assign(record, fails ? { status: "failed", error: "hiccup" } : { status: "processed", chunks: 1 });
  };
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { processed: 3, deleted: 2, dead: 0 },
  });
});

test("processed without a chunk is no proof", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("a")];
  sync.sink.onInsert = (record) => Object.assign(record, { status: "processed", chunks: 0 });
  expect(await sync.run()).toMatchObject({ outcome: "partial", errors: [{ code: "SINK_NO_CHUNKS" }] });
});

test("a model that is not available makes deliveries rest and costs no attempt", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  let refusals = 4;
  sync.sink.onInsert = (record) =>
    refusals-- > 0
      ? Object.assign(record, { status: "failed", error: "quota", modelUnavailable: true })
      : Object.assign(record, { status: "processed", chunks: 1 });
  const notices: string[] = [];
  sync.events.on("run:notice", ({ message }) => notices.push(message));
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { processed: 3, dead: 0 },
    errors: [],
  });
  expect(notices).toContain("LightRAG's model is not available, deliveries rest for 1 s: quota");
});

test("a model that stays unavailable ends the run with the reason, and the next run goes on", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  sync.sink.onInsert = (record) =>
    Object.assign(record, { status: "failed", error: "quota", modelUnavailable: true });
  expect(await sync.run()).toMatchObject({ outcome: "failed", errors: [{ code: "SINK_MODEL_UNAVAILABLE" }] });
  sync.sink.onInsert = (record) => Object.assign(record, { status: "processed", chunks: 1 });
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { dead: 0 } });
  expect(sync.sink.texts().size).toBe(3);
});

test("after a reset, documents with the same text are adopted and others replaced; nothing is doubled", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  await sync.run();
  await sync.state.resetConnector("c");
  sync.source.memories = [...three.slice(0, 2), memoryOf("c", { transcript: "rewritten" })];
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { new: 3, adopted: 2, processed: 3, deleted: 1 },
  });
  expect(sync.sink.texts().size).toBe(3);
  expect(sync.sink.texts().get("c@CTX.md")).toContain("rewritten");
});

test("a record that vanishes after the insert is delivered again", async () => {
  const sync = await quickHarness({ graceMs: 20 });
  sync.source.memories = [memoryOf("a")];
  let losses = 1;
  sync.sink.onInsert = (record) => {
    if (losses-- > 0) sync.sink.documents.delete(record.documentId);
    else Object.assign(record, { status: "processed", chunks: 1 });
  };
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { processed: 1 },
    errors: [{ code: "SINK_DOCUMENT_LOST" }],
  });
});

test("a document that never moves is a failed attempt once its deadline has passed", async () => {
  const sync = await quickHarness({
    stuckAfterMs: 40,
    retry: { maxAttempts: 1, initialBackoffMs: 1, backoffMultiplier: 1, maxBackoffMs: 1 },
  });
  sync.source.memories = [memoryOf("a")];
  sync.sink.busy = true;
  sync.sink.onInsert = (record) => Object.assign(record, { status: "processing" });
  expect(await sync.run()).toMatchObject({ outcome: "partial", errors: [{ code: "SINK_DOCUMENT_STUCK" }] });
});

test("a document that waits for its turn in a busy LightRAG is waited for past every deadline", async () => {
  const sync = await quickHarness({ stuckAfterMs: 10, graceMs: 10, quietMs: 1 });
  sync.source.memories = [memoryOf("a")];
  sync.sink.busy = true;
  sync.sink.onInsert = () => undefined;
  let looks = 0;
  const isBusy = sync.sink.isBusy.bind(sync.sink);
  sync.sink.isBusy = async () => {
    looks += 1;
    for (const record of sync.sink.documents.values())
      if (looks === 5) Object.assign(record, { status: "processed", chunks: 1 });
    return isBusy();
  };
  expect(await sync.run()).toMatchObject({ outcome: "success", errors: [], counts: { deleted: 0 } });
});

test("without waiting, the run ends when everything is accepted, and the next run brings the proof", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  sync.sink.onInsert = () => undefined;
  expect(await sync.run({ wait: false })).toMatchObject({
    outcome: "success",
    counts: { submitted: 3, unproved: 3, processed: 0 },
  });
  for (const record of sync.sink.documents.values())
    Object.assign(record, { status: "processed", chunks: 1 });
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    counts: { submitted: 0, processed: 3, unproved: 0 },
  });
});

test("a cancelled run leaves a record, and the next one goes on without doubling anything", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  const controller = new AbortController();
  sync.sink.onInsert = () => controller.abort();
  expect(await sync.run({}, controller.signal)).toMatchObject({
    outcome: "cancelled",
    counts: { failed: 0, waiting: expect.any(Number) },
  });
  for (const record of sync.sink.documents.values())
    Object.assign(record, { status: "processed", chunks: 1 });
  sync.sink.onInsert = (record) => Object.assign(record, { status: "processed", chunks: 1 });
  expect(await sync.run()).toMatchObject({ outcome: "success" });
  expect(sync.sink.texts().size).toBe(3);
  expect(sync.sink.calls.filter((call) => call.startsWith("submit"))).toHaveLength(1);
});

test("what an earlier run handed over and LightRAG still works on is watched until it is proved", async () => {
  const sync = await quickHarness();
  sync.source.memories = [...three, memoryOf("d"), memoryOf("e")];
  sync.sink.onInsert = () => undefined;
  await sync.run({ wait: false });
  const find = sync.sink.find.bind(sync.sink);
  sync.sink.find = async (refs) => {
    const next = [...sync.sink.documents.values()].find((record) => record.status === "pending");
    if (next !== undefined) Object.assign(next, { status: "processed", chunks: 1 });
    return find(refs);
  };
  const run = await sync.run();
  expect(run).toMatchObject({ outcome: "success", counts: { submitted: 0, processed: 5 } });
});

test("a run that takes too long ends at its limit", async () => {
  const sync = await quickHarness({ runTimeoutMs: 60 });
  sync.source.memories = [memoryOf("a")];
  sync.sink.onInsert = () => undefined;
  expect(await sync.run()).toMatchObject({ outcome: "failed", errors: [{ code: "RUN_TIMED_OUT" }] });
});

test("a broken item is a dead letter that says what is wrong, and comes back when it is mended", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("a")];
  sync.source.malformed = [
    { id: "x", problems: ["created_at: is missing"], excerpt: "{}", fingerprint: "f1" },
    { id: null, problems: ["id: is missing"], excerpt: "{}", fingerprint: "f2" },
  ];
  expect(await sync.run()).toMatchObject({
    outcome: "partial",
    counts: { malformed: 2, dead: 2, processed: 1 },
  });
  expect((await sync.row("x")).error?.message).toContain("created_at: is missing");
  sync.source.memories = [memoryOf("a"), memoryOf("x")];
  sync.source.malformed = [];
  expect(await sync.run()).toMatchObject({ counts: { changed: 1, processed: 1, deadLetters: 1 } });
});

test("a list that may be cut off is never a success, and does not move the watermark", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  sync.source.truncated = { reason: "100 of 100" };
  expect(await sync.run()).toMatchObject({ outcome: "partial", errors: [{ code: "SOURCE_TRUNCATED" }] });
  expect(await sync.state.getSyncState({ connectorId: "c", contextId: "CTX" })).toMatchObject({
    watermark: null,
    truncated: "100 of 100",
  });
});

test("the watermark stays at the oldest unfinished memory until it is finished", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("old", { createdAt: "2020-01-01T00:00:00Z" }), memoryOf("b")];
  sync.sink.onInsert = () => undefined;
  await sync.run({ wait: false });
  const scope = { connectorId: "c", contextId: "CTX" };
  expect((await sync.state.getSyncState(scope))?.watermark).toBe(Date.parse("2020-01-01T00:00:00Z"));
  for (const record of sync.sink.documents.values())
    Object.assign(record, { status: "processed", chunks: 1 });
  const before = sync.clock.now();
  await sync.run();
  expect((await sync.state.getSyncState(scope))?.watermark).toBeGreaterThanOrEqual(before);
});

test("filters look at all of the source and leave the watermark alone", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("old", { createdAt: "2020-01-01T00:00:00Z" }), ...three];
  const run = await sync.run({
    filter: { since: Date.parse("2024-01-01T00:00:00Z"), ids: new Set(["a", "old"]) },
  });
  expect(run.counts).toMatchObject({ fetched: 1, processed: 1 });
  expect(sync.source.ranges).toEqual(["all"]);
  expect(await sync.state.getSyncState({ connectorId: "c", contextId: "CTX" })).toBeNull();
});

test("force delivers again what LightRAG has already", async () => {
  const sync = await quickHarness();
  sync.source.memories = three;
  await sync.run();
  expect(await sync.run({ force: true })).toMatchObject({ counts: { changed: 3, deleted: 3, processed: 3 } });
});

test("one connector does not run twice at once", async () => {
  const sync = await quickHarness();
  const lock = await sync.state.lockConnector("c");
  await expect(sync.run()).rejects.toMatchObject({ code: "CONNECTOR_LOCKED" });
  await lock.release();
});

test("a run whose process died is closed by the next one", async () => {
  const sync = await quickHarness();
  const died = {
    ...(await sync.run()),
    runId: "0-died",
    outcome: "running" as const,
    endedAt: null,
    startedAt: sync.clock.now() + 1,
  };
  await sync.state.saveRun(died);
  await sync.run();
  expect(await sync.state.getRun("0-died")).toMatchObject({ outcome: "interrupted" });
});

test("whoever listens is told of the run, its phases and its end, and its record says `running` meanwhile", async () => {
  const sync = await quickHarness();
  const connect = sync.sink.connect.bind(sync.sink);
  sync.sink.connect = async () => {
    expect(await sync.state.getRun("r")).toMatchObject({ outcome: "running", endedAt: null });
    await sync.clock.sleep(7);
    return connect();
  };
  const told: unknown[] = [];
  for (const name of ["run:start", "run:phase", "run:end"] as const)
    sync.events.on(name, (event) => told.push([name, event]));
  const startedAt = sync.clock.now();
  const record = await sync.run({ runId: "r", trigger: "api" });
  const ids = { runId: "r", connectorId: "c" };
  expect(told).toEqual([
    ["run:start", { ...ids, trigger: "api", startedAt }],
    ...["connect", "reconcile", "discover", "deliver"].map((phase) => ["run:phase", { ...ids, phase }]),
    ["run:end", { record }],
  ]);
  expect(record).toMatchObject({
    ...ids,
    startedAt,
    endedAt: sync.clock.now(),
    phases: { connect: 7, discover: 0 },
  });
  expect(await sync.state.getRun("r")).toEqual(record);
});

test("progress is told against all that this run knows it has to settle", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("a"), memoryOf("b")];
  sync.sink.onInsert = () => undefined;
  await sync.run({ wait: false });
  const processed = (record: object) => Object.assign(record, { status: "processed", chunks: 1 });
  const [first] = sync.sink.documents.values();
  if (first !== undefined) processed(first);
  sync.sink.onInsert = processed;
  sync.source.memories = [...sync.source.memories, memoryOf("c")];
  const totals = new Set<number>();
  sync.events.on("run:progress", ({ phase, total }) => {
    if (phase === "deliver") totals.add(total);
    for (const record of sync.sink.documents.values()) processed(record);
  });
  await sync.run();
  expect(totals).toEqual(new Set([3]));
});

test("what could not be found out about memories is in the run's report", async () => {
  const sync = await quickHarness(
    {},
    {
      enrichment: {
        ...plainEnrichment,
        forRun: (report) => {
          report(new ConnectorError("MEDIA_NOT_FOUND", "no such picture"));
          return plainEnrichment.forRun(report);
        },
      },
    },
  );
  expect((await sync.run()).errors).toMatchObject([{ code: "MEDIA_NOT_FOUND", message: "no such picture" }]);
});

test("a cancelled run says so", async () => {
  const sync = await quickHarness();
  const run = await sync.run({}, AbortSignal.abort());
  expect(run).toMatchObject({
    outcome: "cancelled",
    errors: [{ code: "CANCELLED", message: "the run was cancelled" }],
  });
});

const ends: [string, Partial<SyncSettings>, (stop: AbortController) => void, string][] = [
  ["cancelled", {}, (stop) => stop.abort(), "the run was cancelled"],
  [
    "cancelled",
    {},
    (stop) => stop.abort(new ConnectorError("CANCELLED", "the service stops")),
    "the service stops",
  ],
  ["failed", { runTimeoutMs: 60_000 }, () => {}, "the run took longer than its limit of 1 minute"],
];

test.each(ends)(
  "a run that is %s before its end (%j) leaves what it did not come to waiting, and calls none of it failed",
  async (outcome, change, end, message) => {
    const sync = await quickHarness({ maxInFlight: 2, graceMs: 10 ** 9, stuckAfterMs: 10 ** 9, ...change });
    sync.source.memories = [...three, memoryOf("d"), memoryOf("e")];
    const stop = new AbortController();
    sync.sink.busy = true;
    sync.sink.onInsert = () => end(stop);
    const { counts, ...run } = await sync.run({}, stop.signal);
    expect(run).toMatchObject({ outcome, errors: [{ message }] });
    expect(counts).toMatchObject({ new: 5, failed: 0, dead: 0, processed: 0 });
    expect(counts.waiting).toBeGreaterThan(0);
    expect(counts.waiting + counts.unproved).toBe(5);
  },
);

test.each([
  [60_000, "1 minute"],
  [120_000, "2 minutes"],
  [90_000, "90 s"],
])("a run that took longer than %i ms says that its limit is %s", async (runTimeoutMs, limit) => {
  const sync = await quickHarness({
    runTimeoutMs,
    stuckAfterMs: 10 ** 9,
    graceMs: 10 ** 9,
    slowestPollMs: 5_000,
  });
  sync.source.memories = [memoryOf("a")];
  sync.sink.busy = true;
  sync.sink.onInsert = () => undefined;
  expect((await sync.run()).errors).toMatchObject([
    { code: "RUN_TIMED_OUT", message: `the run took longer than its limit of ${limit}` },
  ]);
});

test.each([
  ["failed", null, { failed: 1_010_111, waiting: 0 }],
  ["waiting for the next day's budget", 1, { failed: 10_101, waiting: 1_000_010 }],
])("what is left behind is counted, and what is not sent yet counts as %s", async (_, documents, counts) => {
  const sync = await quickHarness({ budget: { documents, characters: null, tokens: null } });
  sync.source.memories = [memoryOf("a"), memoryOf("b")];
  const countRows = sync.state.countRows.bind(sync.state);
  sync.state.countRows = async (connectorId) => ({
    ...(await countRows(connectorId)),
    discovered: 1,
    pending: 10,
    submitting: 100,
    submitted: 1_000,
    failed: 10_000,
    dead: 100_000,
    deleting: 1_000_000,
  });
  const left = { unproved: 1_000, deadLetters: 100_000 };
  expect(await sync.run()).toMatchObject({ outcome: "partial", counts: { ...counts, ...left } });
});

test("a run of another connector is not taken for one whose process died", async () => {
  const sync = await quickHarness();
  const other = { ...(await sync.run()), runId: "z-other", connectorId: "other" };
  await sync.state.saveRun({ ...other, outcome: "running", endedAt: null });
  await sync.run();
  expect(await sync.state.getRun("z-other")).toMatchObject({ outcome: "running" });
});

test("what a listing has shown is remembered, with what was learnt before", async () => {
  const sync = await quickHarness();
  const scope = { connectorId: "c", contextId: "CTX" };
  sync.source.memories = [memoryOf("a"), memoryOf("b")];
  sync.source.malformed = [{ id: "x", problems: ["no"], excerpt: "{}", fingerprint: "f" }];
  await sync.run();
  const known = await sync.state.getSyncState(scope);
  if (known?.learnt === undefined) throw new Error("nothing was remembered");
  expect(known.lastListingCount).toBe(3);
  const lore = { seen: 7 };
  await sync.state.saveSyncState({ ...known, learnt: { ...known.learnt, lore } });
  await sync.run();
  expect((await sync.state.getSyncState(scope))?.learnt?.lore).toEqual(lore);
});
