import { describe, expect, test } from "vitest";
import type { SimulatedFault } from "../support/lightrag-simulator-faults.ts";
import { simulatedSink } from "../support/simulated-sink-harness.ts";

const inserts = "POST /documents/text";
const always = Number.POSITIVE_INFINITY;

function poison(holding: SimulatedFault["holding"], change: Partial<SimulatedFault>): SimulatedFault {
  return { route: inserts, kind: "answer", times: always, ...change, ...(holding ? { holding } : {}) };
}

const answered = (status: number, body: unknown): Partial<SimulatedFault> => ({ answer: { status, body } });

/** How a server may say anything but a clear yes, and the code that the dead letter has then. */
const answers: Record<string, [Partial<SimulatedFault>, string]> = {
  "500 of its own": [answered(500, { detail: "Internal server error (error_id: x)" }), "SINK_SERVER_ERROR"],
  "500 of a proxy": [answered(500, "<html>oops</html>"), "SINK_OUTCOME_UNKNOWN"],
  "502 as a page": [answered(502, "<html>Bad Gateway</html>"), "SINK_OUTCOME_UNKNOWN"],
  "504 without a body": [answered(504, ""), "SINK_OUTCOME_UNKNOWN"],
  "403": [answered(403, { detail: "no" }), "SINK_UNAUTHORIZED"],
  "401": [answered(401, { detail: "no" }), "SINK_UNAUTHORIZED"],
  "404": [answered(404, { detail: "no" }), "SINK_UNSUPPORTED"],
  "400": [answered(400, { detail: "no" }), "SINK_REJECTED"],
  "413": [answered(413, { detail: "no" }), "SINK_DOCUMENT_TOO_LARGE"],
  "422": [answered(422, { detail: [] }), "SINK_REJECTED"],
  "an unknown status": [answered(418, { detail: "tea" }), "SINK_BAD_ANSWER"],
  "200 with nonsense": [answered(200, { hello: "world" }), "SINK_BAD_ANSWER"],
  "200 with a page": [answered(200, "<html>login</html>"), "SINK_OUTCOME_UNKNOWN"],
  "200 that says failure": [answered(200, { status: "failure", message: "" }), "SINK_SERVER_ERROR"],
  "a reset": [{ kind: "reset" }, "SINK_OUTCOME_UNKNOWN"],
  "a body that is cut off": [{ kind: "cut" }, "SINK_OUTCOME_UNKNOWN"],
  silence: [{ kind: "hang" }, "SINK_OUTCOME_UNKNOWN"],
};

describe.each(Object.entries(answers))("a document that LightRAG answers with %s", (_, [fault, code]) => {
  test.each([0, 7, 23])("does not stop the other 23, wherever it stands (%i)", async (at) => {
    const sync = await simulatedSink({ memories: 24, client: { timing: { attemptTimeoutMs: 250 } } });
    sync.simulator.fail(poison(`m${at}@`, fault));
    const run = await sync.run();
    expect(run).toMatchObject({ outcome: "partial", counts: { processed: 23, deadLetters: 1 } });
    expect(sync.held()).toEqual(sync.names(`m${at}`));
    expect(await sync.row(`m${at}`)).toMatchObject({ status: "dead", error: { code } });
    expect(run.errors.map((error) => error.code)).toEqual([code]);
  });
});

test.each(Object.keys(answers))(
  "LightRAG 1.4, which takes single documents, gets the others as well after %s",
  async (name) => {
    const [fault, code] = answers[name] ?? [{}, ""];
    const server = { generation: "1.4" } as const;
    const sync = await simulatedSink({ memories: 8, server, client: { timing: { attemptTimeoutMs: 250 } } });
    sync.simulator.fail(poison("m3@", fault));
    expect(await sync.run()).toMatchObject({ outcome: "partial", counts: { processed: 7, deadLetters: 1 } });
    expect(await sync.row("m3")).toMatchObject({ status: "dead", error: { code } });
  },
);

const ownError = answers["500 of its own"]?.[0] ?? {};

test("a poison document costs a few requests more, not one for each of its batch", async () => {
  const sync = await simulatedSink({ memories: 64, settings: { concurrency: 32, maxInFlight: 64 } });
  sync.simulator.fail(poison("m20@", ownError));
  let requests = 0;
  sync.simulator.fail = () => undefined;
  const submit = sync.sink.submit.bind(sync.sink);
  sync.sink.submit = (...args) => {
    requests += 1;
    return submit(...args);
  };
  await sync.run();
  expect((await sync.row("m20")).attempts).toBe(3);
  // Two batches, two for each halving of 32, and two later attempts, each with a question whether LightRAG takes anything.
  expect(requests).toBeLessThanOrEqual(2 + 2 * 5 + 2 * 2);
});

test("each attempt counts on its row, with the back-off between them, and survives a run that ends early", async () => {
  const sync = await simulatedSink({ memories: 12 });
  sync.simulator.fail(poison("m3@", ownError));
  const ended = new AbortController();
  sync.events.on("item:failed", () => ended.abort());
  expect(await sync.run({}, ended.signal)).toMatchObject({ outcome: "cancelled" });
  expect(await sync.row("m3")).toMatchObject({ status: "failed", attempts: 1 });
  expect(await sync.run()).toMatchObject({ counts: { deadLetters: 1 } });
  expect(await sync.row("m3")).toMatchObject({ status: "dead", attempts: 3 });
  expect(sync.held()).toEqual(sync.names("m3"));
});

test.each([
  ["in one batch", ["m1@", "m2@"]],
  ["at both ends", ["m0@", "m23@"]],
  ["at the very end", ["m8@", "m9@"]],
  ["in each batch", ["m4@", "m14@", "m22@"]],
  ["nine in a row at the head of the queue", Array.from({ length: 9 }, (_, at) => `m${at}@`)],
])("several poison documents %s are dead letters, the others arrive", async (_, poisons) => {
  const sync = await simulatedSink({ memories: 24 });
  sync.simulator.fail(poison(poisons, ownError));
  await sync.run();
  const ids = poisons.map((name) => name.slice(0, -1));
  expect(sync.held()).toEqual(sync.names(...ids));
  for (const id of ids) expect(await sync.row(id)).toMatchObject({ status: "dead", attempts: 3 });
});

test("a poison document that is the only one is a dead letter as well", async () => {
  const sync = await simulatedSink({ memories: 1 });
  sync.simulator.fail(poison("m0@", { kind: "reset" }));
  expect(await sync.run()).toMatchObject({ outcome: "partial", counts: { deadLetters: 1 } });
});

describe.each(["1.4", "1.5"] as const)("before LightRAG %s, with nothing else to send", (generation) => {
  const change = (sync: Awaited<ReturnType<typeof simulatedSink>>, ...ids: string[]) => {
    sync.source.memories = sync.source.memories.map((memory) =>
      ids.includes(memory.id) ? { ...memory, transcript: `${memory.transcript} Changed.` } : memory,
    );
  };

  test("several poison documents are dead letters: one that LightRAG holds tells that it takes others", async () => {
    const sync = await simulatedSink({ memories: 9, server: { generation } });
    await sync.run();
    const ids = ["m1", "m4", "m7"];
    sync.simulator.fail(
      poison(
        ids.map((id) => `${id}@`),
        ownError,
      ),
    );
    change(sync, ...ids);
    const inserted = sync.simulator.counts.inserted;
    expect(await sync.run()).toMatchObject({ outcome: "partial", counts: { deadLetters: 3 } });
    for (const id of ids) expect(await sync.row(id)).toMatchObject({ status: "dead", attempts: 3 });
    expect(sync.held()).toEqual(sync.names(...ids));
    expect(sync.simulator.counts.inserted).toBe(inserted);
  });

  test("a refusal of everything costs no attempt", async () => {
    const sync = await simulatedSink({ memories: 9, server: { generation } });
    await sync.run();
    sync.simulator.fail(poison(undefined, ownError));
    change(sync, "m1", "m4");
    expect(await sync.run()).toMatchObject({ outcome: "failed", counts: { deadLetters: 0 } });
    for (const id of ["m1", "m4"]) expect(await sync.row(id)).toMatchObject({ attempts: 0 });
    sync.simulator.faults.clear();
    expect(await sync.run()).toMatchObject({ outcome: "success" });
    expect(sync.held()).toEqual(sync.names());
  });
});

test("documents that are refused only together arrive one by one", async () => {
  const sync = await simulatedSink({ memories: 20 });
  sync.simulator.fail(poison(undefined, { kind: "reset", documents: 2 }));
  expect(await sync.run()).toMatchObject({ outcome: "success", errors: [], counts: { processed: 20 } });
});

test("a batch that LightRAG took before the connection broke is adopted and not doubled", async () => {
  const sync = await simulatedSink({ memories: 24 });
  sync.simulator.fail(poison(undefined, { kind: "reset", acts: true }));
  expect(await sync.run()).toMatchObject({ outcome: "success", errors: [], counts: { processed: 24 } });
  expect(sync.simulator.counts).toMatchObject({ inserted: 24, notes: 0, deleted: 0 });
});

test.each(["403", "500 of its own", "a reset"])(
  "%s for all ends the run with its code and costs no attempt",
  async (name) => {
    const [fault, code] = answers[name] ?? [{}, ""];
    const sync = await simulatedSink({ memories: 60 });
    sync.simulator.fail(poison(undefined, fault));
    const run = await sync.run();
    expect(run).toMatchObject({ outcome: "failed", errors: [{ code }], counts: { deadLetters: 0 } });
    for (const id of ["m0", "m30", "m59"]) expect(await sync.row(id)).toMatchObject({ attempts: 0 });
    sync.simulator.faults.clear();
    expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 60 } });
  },
);

test.each([
  [429, { detail: "slow down" }],
  [409, { detail: "not now" }],
  [503, { detail: "later" }],
])(
  "a document for which alone LightRAG is always busy (%i) is a dead letter in the end",
  async (status, body) => {
    const sync = await simulatedSink({ memories: 12, settings: { concurrency: 12 } });
    const headers = { "retry-after": "0" };
    sync.simulator.fail(poison("m5@", { answer: { status, body, headers } }));
    expect(await sync.run()).toMatchObject({ counts: { processed: 11, deadLetters: 1 } });
    expect(await sync.row("m5")).toMatchObject({ status: "dead", error: { code: "SINK_BUSY" } });
  },
);

test("a refusal of everything that begins in the middle of a run costs no attempt either", async () => {
  const sync = await simulatedSink({ memories: 14 });
  sync.simulator.fail(poison(undefined, { ...ownError, skip: 1 }));
  expect(await sync.run()).toMatchObject({ outcome: "failed", counts: { processed: 10, deadLetters: 0 } });
  expect(sync.held()).toHaveLength(10);
  for (const { id } of sync.source.memories)
    expect(await sync.row(id)).toMatchObject({ attempts: 0, error: null });
});

test("an update whose new text is poison leaves a dead letter and does not hold the others up", async () => {
  const sync = await simulatedSink({ memories: 12 });
  await sync.run();
  sync.simulator.fail(poison("m5@", ownError));
  sync.source.memories = sync.source.memories.map((memory) => ({
    ...memory,
    transcript: `new ${memory.id}`,
  }));
  const run = await sync.run({ acceptResends: true });
  expect(run).toMatchObject({ counts: { processed: 11, deadLetters: 1 } });
  sync.simulator.faults.clear();
  const scope = { connectorId: "c", contextId: "CTX" };
  const row = await sync.row("m5");
  expect(row).toMatchObject({ ...scope, status: "dead", payload: { transcript: "new m5" } });
});

test("a LightRAG that is too slow for a whole batch gets smaller ones", async () => {
  const sync = await simulatedSink({
    memories: 24,
    server: { answerMs: 100, dropsAbandoned: true },
    client: { timing: { attemptTimeoutMs: 350 } },
    settings: { concurrency: 8 },
  });
  expect(await sync.run()).toMatchObject({ outcome: "success", errors: [], counts: { processed: 24 } });
  expect(sync.simulator.counts).toMatchObject({ notes: 0 });
});

test.each(["1.4", "1.5"] as const)(
  "without waiting for the proof, %s gets the others as well",
  async (generation) => {
    const sync = await simulatedSink({ memories: 12, server: { generation } });
    sync.simulator.fail(poison("m5@", ownError));
    await sync.run({ wait: false });
    await sync.run({ wait: false });
    await sync.run({ wait: false });
    await expect.poll(() => sync.held()).toEqual(sync.names("m5"));
    await sync.run();
    expect(await sync.row("m5")).toMatchObject({ status: "dead", error: { code: "SINK_SERVER_ERROR" } });
  },
);
