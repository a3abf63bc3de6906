import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import type { MemoryApiFault } from "../support/memory-api-faults.ts";
import { expectExactly, startWorld } from "../support/sync-world.ts";

/** A sync over a source with a fault, through the command line. */
async function syncWith(fault: MemoryApiFault) {
  const world = await startWorld({ memories: 4 });
  const cli = (...args: string[]) => runCli(args, { cwd: world.folder });
  world.source.faultFor = () => fault;
  const sync = await cli("sync");
  const letters = await cli("dead-letters", "list");
  world.source.faultFor = () => undefined;
  return { ...world, cli, sync, letters };
}

const kinds: [kind: string, fault: MemoryApiFault, told: RegExp][] = [
  ["not JSON", { kind: "raw-items", items: ['{"id":"bad","x":NaN}'], at: 2 }, /bad.*MEMORY_MALFORMED/su],
  ["without an end", { kind: "raw-items", items: ['{"id":"bad","x":"y'], at: 2 }, /bad.*MEMORY_MALFORMED/su],
  ["null, twice", { kind: "raw-items", items: ["null", "null"], at: 1 }, /malformed-.*MEMORY_MALFORMED/su],
  [
    "one id twice",
    { kind: "raw-items", items: ['{"id":"z","created_at":"soon"}', '{"id":"z","created_at":"later"}'] },
    /z.*MEMORY_MALFORMED/su,
  ],
  ["too large", { kind: "large-item", id: "bad", bytes: 20_000_000 }, /bad.*MEMORY_TOO_LARGE/su],
];

test.each(kinds)(
  "an item that is %s is a dead letter, the others are delivered, and it goes away with its cause",
  async (_, fault, told) => {
    const { cli, sync, letters, sink, memories } = await syncWith(fault);
    expect(sync.code).toBe(3);
    expect(letters.out).toMatch(told);
    expectExactly(sink, memories);
    expect((await cli("sync")).code).toBe(0);
    expect((await cli("dead-letters", "list")).out).not.toMatch(told);
  },
);

test("a list that breaks off is delivered up to there, and the run says that it is not all", async () => {
  const { sync, sink } = await syncWith({ kind: "cut-list", items: 2, how: "end" });
  expect(sync.code).toBe(3);
  expect(sync.out + sync.err).toContain("ends in the middle of the list");
  expect(sink.documents()).toHaveLength(2);
});

test("text in another charset arrives as it was", async () => {
  const world = await startWorld({ memories: 0 });
  const created_at = "2025-01-01T00:00:00Z";
  world.source.put(
    "CTX",
    { id: "café", created_at, transcript: "crème" },
    { id: "cafè", created_at, transcript: "brûlée" },
  );
  world.source.faultFor = () => ({ kind: "charset", charset: "latin1", declared: "iso-8859-1" });
  expect((await runCli(["sync"], { cwd: world.folder })).code).toBe(0);
  const texts = [...world.sink.texts().values()].join("\n");
  expect(texts).toContain("crème");
  expect(texts).toContain("brûlée");
  expect(texts).not.toContain("\ufffd");
});
