import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import type { SimulatedFault } from "../support/lightrag-simulator-faults.ts";
import type { MemoryApiFault } from "../support/memory-api-faults.ts";
import { expectExactly, startWorld } from "../support/sync-world.ts";

const sourceFaults: MemoryApiFault[] = [
  { kind: "reset" },
  { kind: "reset-in-body" },
  { kind: "cut-json" },
  { kind: "silent" },
  { kind: "hang-in-body" },
  { kind: "status", status: 429, retryAfterSeconds: 1, retryAfterForm: "seconds" },
  { kind: "status", status: 429, retryAfterSeconds: 1, retryAfterForm: "date" },
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
];

for (const fault of sourceFaults) {
  test(`one ${nameOf(fault)} from the Memory API costs a retry and no memory`, async () => {
    const world = await startWorld({ memories: 40, memoryApi: { timeout: "300ms" } });
    world.source.inject(fault);
    const answer = await runCli(["sync", "--json"], { cwd: world.folder });
    expect(answer.code).toBe(0);
    expectExactly(world.sink, world.memories);
  });
}

test("a burst of 500s that outlasts the retries ends the run with one clear error, and the next run completes", async () => {
  const world = await startWorld({
    memories: 40,
    memoryApi: { max_retries: 1, circuit_breaker: { failures: 50 } },
  });
  world.source.inject(...Array.from({ length: 2 }, () => ({ kind: "status", status: 500 }) as const));
  const first = await runCli(["sync", "--json"], { cwd: world.folder });
  expect(first.code).toBe(1);
  expect(JSON.parse(first.out).runs[0].errors).toMatchObject([{ code: "SOURCE_UNAVAILABLE" }]);
  expect((await runCli(["sync"], { cwd: world.folder })).code).toBe(0);
  expectExactly(world.sink, world.memories);
});

test("malformed items become dead letters and the good ones around them arrive", async () => {
  const world = await startWorld({ memories: 40 });
  world.source.inject({
    kind: "malformed-items",
    items: [null, 7, { id: "x" }, { created_at: "2025-01-01" }],
  });
  const answer = await runCli(["sync", "--json"], { cwd: world.folder });
  expect(answer.code).toBe(3);
  expect(JSON.parse(answer.out).runs[0].counts).toMatchObject({ malformed: 4, processed: 40 });
  expectExactly(world.sink, world.memories);
});

const inserts = "POST /documents/text";
const sinkFaults: [string, SimulatedFault][] = [
  ["an insert that is reset before LightRAG acts", { route: inserts, kind: "reset" }],
  ["an insert that is reset after LightRAG acted", { route: inserts, kind: "reset", acts: true }],
  ["an answer to an insert that is cut in the middle", { route: inserts, kind: "cut", acts: true }],
  ["an insert that hangs after LightRAG acted", { route: inserts, kind: "hang", acts: true }],
  [
    "a 500 after LightRAG acted",
    { route: inserts, kind: "answer", acts: true, answer: { status: 500, body: { detail: "oops" } } },
  ],
  [
    "a burst of 503s",
    { route: inserts, kind: "answer", times: 3, answer: { status: 503, body: { detail: "busy" } } },
  ],
  [
    "429 with Retry-After in seconds",
    {
      route: inserts,
      kind: "answer",
      times: 2,
      answer: { status: 429, body: {}, headers: { "retry-after": "1" } },
    },
  ],
  [
    "429 with Retry-After as a date",
    {
      route: inserts,
      kind: "answer",
      times: 2,
      answer: {
        status: 429,
        body: {},
        headers: { "retry-after": new Date(Date.now() + 2_000).toUTCString() },
      },
    },
  ],
  ["a listing that is reset", { route: "POST /documents/paginated", kind: "reset", times: 3 }],
  ["a listing that is cut", { route: "POST /documents/paginated", kind: "cut", times: 3 }],
];

for (const generation of ["1.5", "1.4"] as const) {
  for (const [name, fault] of sinkFaults) {
    test(`${name}, LightRAG ${generation}: nothing is lost and nothing doubled`, async () => {
      const world = await startWorld({ memories: 40, generation, lightragApi: { timeout: "3s" } });
      world.sink.fail(fault);
      const answer = await runCli(["sync", "--json"], { cwd: world.folder });
      expect(answer.err).toBe("");
      expect(answer.code).toBe(0);
      expectExactly(world.sink, world.memories);
    });
  }
}

test("through a storm of faults at both ends, with LightRAG killed and restarted in the middle, all memories arrive once", async () => {
  const world = await startWorld({
    memories: 601,
    sink: { processingMs: 4, parallel: 4 },
    memoryApi: { timeout: "500ms", max_retries: 8, retry_backoff: 1.2 },
    lightragApi: { timeout: "20s", max_in_flight: 50 },
  });
  world.source.inject({ kind: "reset-in-body" }, { kind: "status", status: 502 });
  // At most one fault waits for its request, so that some requests get through.
  const storm = setInterval(() => {
    world.sink.faults.clear();
    world.sink.fail(randomFault());
  }, 150);
  const outage = setTimeout(() => void world.sink.kill().then(() => world.sink.start()), 1_000);
  let answer = await runCli(["sync", "--json"], { cwd: world.folder });
  for (let again = 0; again < 4 && answer.code !== 0; again += 1) {
    answer = await runCli(["sync", "--json"], { cwd: world.folder });
  }
  clearInterval(storm);
  clearTimeout(outage);
  expect(answer).toMatchObject({ code: 0 });
  expectExactly(world.sink, world.memories);
});

function randomFault(): SimulatedFault {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)] as Item;
  return {
    route: pick([inserts, "POST /documents/paginated", "GET /documents/track_status"]),
    kind: pick(["reset", "cut", "answer"] as const),
    acts: pick([true, false]),
    answer: { status: pick([500, 502, 503]), body: { detail: "storm" } },
  };
}

function nameOf(fault: MemoryApiFault): string {
  return fault.kind === "status"
    ? `${fault.status} (${fault.retryAfterForm ?? "no Retry-After"})`
    : fault.kind;
}
