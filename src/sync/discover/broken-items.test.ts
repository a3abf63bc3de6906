import { describe, expect, test } from "vitest";
import { memoryOf, quickHarness, testSettings } from "../../../test/support/sync-harness.ts";
import type { MalformedMemory } from "../../domain/memory.ts";
import { allRows } from "../../state/ledger-rows.ts";

const broken = (id: string | null, content: string, position: number): MalformedMemory => ({
  id,
  position,
  problems: [`${content} is wrong`],
  excerpt: content,
  fingerprint: Buffer.from(content.padEnd(32)).toString("hex"),
});

describe("broken items of one list", () => {
  test.each(["sqlite", "json"] as const)(
    "are one dead letter for each kind or id, and stop nobody (%s)",
    async (tables) => {
      const sync = await quickHarness({}, { tables });
      sync.source.memories = [memoryOf("a")];
      sync.source.malformed = [
        broken(null, "null", 2),
        broken(null, "null", 3),
        broken(null, "seven", 4),
        broken("z", "soon", 5),
        broken("z", "later", 6),
      ];
      const run = await sync.run();
      expect(run).toMatchObject({
        outcome: "partial",
        counts: { processed: 1, malformed: 5, deadLetters: 3 },
      });
      const { error } = await sync.row("z");
      expect(error).toMatchObject({
        code: "MEMORY_MALFORMED",
        message: "2 items of the list (5, 6) are not memories: soon is wrong; later is wrong",
      });
    },
  );

  test("stay the same dead letters from run to run, in whatever order and place they come", async () => {
    const sync = await quickHarness();
    sync.source.malformed = [broken(null, "null", 1), broken("z", "soon", 2), broken("z", "later", 3)];
    expect((await sync.run()).counts.dead).toBe(2);
    const before = await sync.row("z");
    sync.source.malformed = [broken("z", "later", 7), broken("z", "soon", 8), broken(null, "null", 9)];
    expect((await sync.run()).counts).toMatchObject({ dead: 0, deadLetters: 2 });
    expect(await sync.row("z")).toEqual(before);
  });

  test("have a code for what is wrong with them", async () => {
    const sync = await quickHarness();
    sync.source.malformed = [
      { ...broken("big", "x", 1), code: "MEMORY_TOO_LARGE" },
      { ...broken("odd", "y", 2), code: "MEMORY_UNDECODABLE" },
      { ...broken("second", "z", 3), code: "MEMORY_ID_TAKEN", problems: ["b.md has the id of a.md"] },
    ];
    await sync.run();
    expect((await sync.row("big")).error).toMatchObject({
      code: "MEMORY_TOO_LARGE",
      hint: expect.stringContaining("max_item_bytes"),
    });
    expect((await sync.row("odd")).error).toMatchObject({
      code: "MEMORY_UNDECODABLE",
      hint: expect.stringContaining("charset"),
    });
    expect((await sync.row("second")).error).toMatchObject({
      code: "MEMORY_ID_TAKEN",
      message: "b.md has the id of a.md",
      hint: expect.stringContaining("another id"),
    });
  });
});

describe("the dead letter of a broken item goes away", () => {
  test("when the item is repaired, with or without an id that could be read before", async () => {
    const sync = await quickHarness();
    sync.source.malformed = [broken("a", "soon", 1), broken(null, "no id", 2)];
    expect((await sync.run()).counts.deadLetters).toBe(2);
    sync.source.malformed = [];
    sync.source.memories = [memoryOf("a"), memoryOf("b")];
    const run = await sync.run({ wholeSource: true });
    expect(run).toMatchObject({ outcome: "success", counts: { processed: 2, deadLetters: 0 } });
  });

  test("when the source does not show it any more, and comes back with it", async () => {
    const sync = await quickHarness();
    sync.source.malformed = [broken("a", "soon", 1), broken(null, "no id", 2)];
    await sync.run();
    const { malformed } = sync.source;
    sync.source.malformed = [];
    expect(await sync.run({ wholeSource: true })).toMatchObject({
      outcome: "success",
      counts: { deadLetters: 0 },
    });
    sync.source.malformed = malformed;
    expect(await sync.run()).toMatchObject({ outcome: "partial", counts: { deadLetters: 2 } });
  });

  test("and leaves the document of its last good version where deletions at the source are ignored", async () => {
    const sync = await quickHarness();
    sync.source.memories = [memoryOf("a"), memoryOf("b")];
    await sync.run();
    sync.source.memories = [memoryOf("b")];
    sync.source.malformed = [broken("a", "soon", 1)];
    expect((await sync.run()).counts.deadLetters).toBe(1);
    sync.source.malformed = [];
    expect((await sync.run({ wholeSource: true })).counts.deadLetters).toBe(0);
    expect([...sync.sink.texts().keys()]).toContain("a@CTX.md");
    sync.source.memories = [memoryOf("a"), memoryOf("b")];
    expect(await sync.run()).toMatchObject({ outcome: "success", counts: { deadLetters: 0 } });
    expect(sync.sink.texts().size).toBe(2);
  });

  test("not while the listing is in doubt, or narrower than everything", async () => {
    const sync = await quickHarness();
    sync.source.malformed = [broken(null, "no id", 1)];
    await sync.run();
    sync.source.malformed = [];
    sync.source.truncated = { reason: "cut" };
    expect((await sync.run({ wholeSource: true })).counts.deadLetters).toBe(1);
    sync.source.truncated = null;
    expect((await sync.run({ filter: { ids: new Set(["x"]) } })).counts.deadLetters).toBe(1);
    const narrow = await sync.run();
    expect(sync.source.ranges.at(-1)).not.toBe("all");
    expect(narrow.counts.deadLetters).toBe(1);
  });
});

test("a fixed range that hides what the whole list shows settles no broken item", async () => {
  const sync = await quickHarness({ queryRange: "week", fullLookMs: 0 });
  sync.source.memories = [
    memoryOf("a", { createdAt: new Date(sync.clock.now() - 86_400_000).toISOString() }),
  ];
  sync.source.malformed = [broken("b", "soon", 1)];
  expect((await sync.run()).counts.deadLetters).toBe(1);
  const list = sync.source.list.bind(sync.source);
  sync.source.list = async function* (request) {
    const isWhole = request.scope.kind === "everything";
    for await (const page of list(request)) yield isWhole ? page : { ...page, memories: [], malformed: [] };
  };
  const run = await sync.run();
  expect(run.truncated).toContain('should have come for the range "week"');
  expect(await sync.row("b")).toMatchObject({ status: "dead", error: { code: "MEMORY_MALFORMED" } });
});

test("one id with two contents is named in the report, and is no failure", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("a")];
  const list = sync.source.list.bind(sync.source);
  sync.source.list = async function* (request) {
    for await (const page of list(request)) yield { ...page, ambiguous: ["a"] };
  };
  expect(await sync.run()).toMatchObject({
    outcome: "success",
    errors: [{ code: "MEMORY_AMBIGUOUS", count: 1, examples: ["a"] }],
  });
});

describe("a person is told of a broken item", () => {
  const messageOf = async (...items: MalformedMemory[]) => {
    const sync = await quickHarness();
    sync.source.malformed = items;
    await sync.run();
    return (await sync.row("z")).error?.message;
  };
  const { position: _, ...nowhere } = broken("z", "x", 1);

  test.each([
    ["where it has no place", [nowhere], "the item is not a memory: x is wrong"],
    ["by its place", [broken("z", "x", 3)], "item 3 of the list is not a memory: x is wrong"],
    [
      "with all of five places",
      [1, 2, 3, 4, 5].map((at) => broken("z", "x", at)),
      "5 items of the list (1, 2, 3, 4, 5) are not memories: x is wrong",
    ],
    [
      "with five of many places and problems",
      [1, 2, 3, 4, 5, 6].map((at) => broken("z", `p${at}`, at)),
      "6 items of the list (1, 2, 3, 4, 5, …) are not memories: p1 is wrong; p2 is wrong; p3 is wrong; p4 is wrong; p5 is wrong",
    ],
  ])("%s", async (_, items, message) => {
    expect(await messageOf(...items)).toBe(message);
  });
});

test("a dead letter without an id is named after the beginning of its content's digest", async () => {
  const sync = await quickHarness();
  const item = broken(null, "null", 1);
  sync.source.malformed = [item];
  await sync.run();
  expect((await sync.row(`malformed-${item.fingerprint.slice(0, 16)}`)).contentHash).toBe(item.fingerprint);
});

test("a memory with the name of a group says what is wrong with it", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("2025-01-01~no-place")];
  const { errors } = await sync.run();
  expect(errors).toMatchObject([
    { message: "the item is not a memory: id: has the form of a name of a group of notes" },
  ]);
});

describe("a whole listing settles", () => {
  test("no item that it shows", async () => {
    const sync = await quickHarness();
    sync.source.malformed = [broken("a", "soon", 1), broken(null, "no id", 2)];
    await sync.run();
    const before = await sync.row("a");
    const { counts } = await sync.run({ wholeSource: true });
    expect(counts).toMatchObject({ deadLetters: 2, vanished: 0 });
    expect(await sync.row("a")).toEqual(before);
  });

  test("no dead letter of another kind", async () => {
    const sync = await quickHarness();
    sync.source.memories = [memoryOf("a"), memoryOf("b")];
    await sync.run();
    const error = { code: "SINK_DOCUMENT_FAILED", message: "no", hint: "" } as const;
    const row = await sync.row("a");
    await sync.state.saveRows([{ ...row, status: "dead", error, documentId: null }]);
    sync.source.memories = [memoryOf("b")];
    await sync.run({ wholeSource: true });
    expect((await sync.row("a")).status).toBe("dead");
  });

  test.each(["MEMORY_MALFORMED", "MEMORY_UNDECODABLE", "MEMORY_TOO_LARGE", "MEMORY_ID_TAKEN"] as const)(
    "a %s item that is gone, also when the list is that of the fixed range",
    async (code) => {
      const sync = await quickHarness({ queryRange: "week" });
      sync.source.malformed = [{ ...broken(null, "no id", 1), code }];
      expect((await sync.run()).counts.deadLetters).toBe(1);
      sync.source.malformed = [];
      expect((await sync.run()).counts.deadLetters).toBe(0);
    },
  );

  test("one without a document whatever follows deletions, and leaves one with a document to that rule", async () => {
    const deletions = { ...testSettings.deletions, policy: "propagate" as const, maxPercent: 100 };
    const sync = await quickHarness({ deletions });
    sync.source.memories = [memoryOf("a"), memoryOf("b")];
    await sync.run();
    sync.source.memories = [memoryOf("b")];
    sync.source.malformed = [broken("a", "soon", 1), broken("z", "never", 2)];
    await sync.run();
    sync.source.malformed = [];
    expect((await sync.run({ wholeSource: true })).counts).toMatchObject({ deadLetters: 1, vanished: 0 });
    expect(await sync.row("a")).toMatchObject({ status: "dead", missing: { listings: 1 } });
  });

  test("what never was a memory without counting it as deleted, unlike a memory without a document", async () => {
    const sync = await quickHarness();
    sync.source.memories = [memoryOf("a"), memoryOf("b", { transcript: "" })];
    await sync.run();
    sync.source.memories = [memoryOf("a")];
    sync.source.malformed = [broken("b", "soon", 1), broken("z", "never", 2), broken(null, "nameless", 3)];
    expect((await sync.run()).counts.deadLetters).toBe(3);
    sync.source.memories = [memoryOf("a"), memoryOf("z")];
    sync.source.malformed = [];
    expect((await sync.run({ wholeSource: true })).counts).toMatchObject({ deadLetters: 0, vanished: 1 });
    const statuses: string[][] = [];
    for await (const { memoryId, status } of allRows(sync.state, { connectorId: "c" }))
      statuses.push([memoryId, status]);
    expect(statuses.toSorted()).toEqual([
      ["a", "processed"],
      ["b", "deleted"],
      ["z", "processed"],
    ]);
  });
});
