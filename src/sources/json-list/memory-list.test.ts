import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { memoryApiFormat, readMemoryList } from "../memory-api/parse-memory.ts";
import { readItemList } from "./memory-list.ts";

const item = (id: string, more: object = {}) => ({ id, created_at: "2025-12-18T14:30:00Z", ...more });

async function* bodyOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
const read = (answer: unknown) => readMemoryList(bodyOf(JSON.stringify(answer)));

describe("an answer", () => {
  it("gives good items and malformed ones apart", async () => {
    const list = await read({ memories: [item("1"), { id: "2" }, item("3")], count: 3 });
    expect(list.memories.map(({ id }) => id)).toEqual(["1", "3"]);
    expect(list.malformed.map(({ id }) => id)).toEqual(["2"]);
    expect(list).toMatchObject({
      received: 3,
      clues: { total: { name: "count", value: 3 }, next: undefined },
    });
  });

  it("is read even when the name of its list is written with escapes", async () => {
    const text = JSON.stringify({ memories: [item("1")] }).replace("memories", "m\\u0065mories");
    expect(await readMemoryList(bodyOf(text))).toMatchObject({ received: 1, memories: [{ id: "1" }] });
  });

  it.each([
    ["null", "it is null"],
    [`[${JSON.stringify(item("1"))}]`, "it is a list"],
    ['"ok"', "it is a string"],
    ['{"detail": "secret words"}', "its fields: detail (a string)"],
    ['{"memories": null}', "its fields: memories (null)"],
    ['{"__proto__": {"memories": []}}', "its fields: __proto__ (an object)"],
    ['{"items": [], "count": 0}', "its fields: items (a list), count (a number)"],
    ["{}", "its fields: none"],
  ])(
    "that is no list is a coded error which shows the shape and not the content: %s",
    async (text, shape) => {
      await expect(readMemoryList(bodyOf(text))).rejects.toMatchObject({
        code: "SOURCE_BAD_ANSWER",
        message: `the Memory API's answer has no list "memories" (${shape})`,
      });
    },
  );

  it("with one id twice gives the version that was updated last", async () => {
    const newer = item("1", { updated_at: "2026-01-02T00:00:00Z", transcript: "new" });
    const older = item("1", { updated_at: "2026-01-01T00:00:00Z", transcript: "old" });
    for (const memories of [
      [newer, older],
      [older, newer],
    ]) {
      expect((await read({ memories })).memories.map(({ transcript }) => transcript)).toEqual(["new"]);
    }
  });

  it("with one id twice and no update time gives the later item, and a good one rather than a malformed one", async () => {
    const versions = [{ transcript: "a" }, { transcript: "b" }, { transcript: 5 }];
    const list = await read({ memories: versions.map((version) => item("1", version)) });
    expect(list.memories.map(({ transcript }) => transcript)).toEqual(["b"]);
    expect(list.malformed).toEqual([]);
    expect(list.received).toBe(3);
  });
});

describe("an item that is no memory", () => {
  const good = JSON.stringify(item("1"));
  const broken = async (text: string, maxItemBytes?: number) => {
    const body = bodyOf(`{"memories":[${good},${text},${good}]}`);
    return (await readMemoryList(body, maxItemBytes === undefined ? {} : { maxItemBytes })).malformed;
  };
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

  it.each([
    ["", "MEMORY_MALFORMED", null, /^it is missing between two commas$/],
    ['{"id":"b","x":NaN}', "MEMORY_MALFORMED", "b", /^it is not JSON/],
    ['{"id":"b","x":"y"z}', "MEMORY_MALFORMED", "b", /^it is not JSON, and where it ends is not clear$/],
    [`{"id":"b","x":${"[".repeat(150)}${"]".repeat(150)}}`, "MEMORY_MALFORMED", "b", /^it /],
  ])("%s is told with its place, its id and what is wrong with it", async (text, code, id, problem) => {
    const [malformed] = await broken(text);
    const problems = [expect.stringMatching(problem)];
    expect(malformed).toEqual({ code, position: 2, id, problems, excerpt: text, fingerprint: sha256(text) });
  });

  it("for its size is told by it, and one of that size is none", async () => {
    const text = JSON.stringify(item("b", { transcript: "t".repeat(100) }));
    expect(await broken(text, text.length)).toEqual([]);
    expect(await broken(text, text.length - 1)).toMatchObject([
      {
        code: "MEMORY_TOO_LARGE",
        id: "b",
        problems: [`it has ${text.length} bytes, more than ${text.length - 1}`],
      },
    ]);
  });

  it("but an object is told with its place", async () => {
    expect(await broken("7")).toMatchObject([
      { position: 2, problems: ["the item is a number, not an object"] },
    ]);
    expect(await broken('{"id":"b"}')).toMatchObject([{ position: 2, id: "b" }]);
  });

  it("hides no memory within it, and nothing that only looks a little like one", async () => {
    for (const [inner, ids] of [
      [good.replace('"1"', '"in"'), ["in"]],
      ['{"id":"in"}', []],
      ['{"created_at":"2025-12-18T14:30:00Z"}', []],
    ] as const) {
      const list = await readMemoryList(bodyOf(`{"memories":[{"id":"b","x":[1,${inner},${good}]}`));
      expect(list.memories.map(({ id }) => id)).toEqual([...ids, "1"]);
    }
  });
});

describe("the ids of a list", () => {
  it("are exact though they are numbers", async () => {
    const text = '{"memories":[{"id":653247040368672769,"created_at":"2025-12-18T14:30:00Z"}]}';
    const { memories, keys } = await readMemoryList(bodyOf(text));
    expect([memories[0]?.id, keys]).toEqual(["653247040368672769", ["653247040368672769"]]);
  });

  it("that come with different contents are told, and those that come twice the same are not", async () => {
    const memories = [item("1"), item("1"), item("2"), item("2", { transcript: "x" }), { id: "3" }];
    const list = await read({ memories });
    expect(list).toMatchObject({ ambiguous: ["2"], received: 5, isWhole: true, doubt: null });
    expect(list.keys).toEqual(["1", "1", "2", "2", `#${list.malformed[0]?.fingerprint}`]);
  });

  it("give the version whose update is known", async () => {
    const dated = item("1", { updated_at: "2026-01-02T00:00:00Z", transcript: "dated" });
    for (const memories of [
      [dated, item("1")],
      [item("1"), dated],
    ])
      expect((await read({ memories })).memories).toMatchObject([{ transcript: "dated" }]);
  });
});

describe("a body", () => {
  const text = JSON.stringify({ memories: [item("1"), item("2")] });
  async function* breaking(at: number) {
    yield Buffer.from(text.slice(0, at));
    throw new Error("broken off");
  }

  it("that breaks off in the list gives what came before, and says why it broke off", async () => {
    const reasons: unknown[] = [];
    const list = await readMemoryList(breaking(text.length - 20), {}, (reason) => reasons.push(reason));
    expect(list).toMatchObject({ memories: [{ id: "1" }], received: 1, isWhole: false });
    expect(list.doubt).toContain("in the middle of the list");
    expect(reasons).toMatchObject([{ message: "broken off" }]);
    await expect(readMemoryList(breaking(5))).rejects.toThrow("broken off");
  });

  it("with more than may be held is given up", async () => {
    const size = JSON.stringify(item("1")).length;
    const tooLarge = () => new Error("too much");
    expect(await readMemoryList(bodyOf(text), { maxHeldBytes: 2 * size, tooLarge })).toMatchObject({
      received: 2,
    });
    await expect(readMemoryList(bodyOf(text), { maxHeldBytes: 2 * size - 1, tooLarge })).rejects.toThrow(
      "too much",
    );
    await expect(readMemoryList(bodyOf(text), { maxHeldBytes: 1 })).rejects.toThrow("the list is too large");
    const broken = bodyOf('{"memories":[1,2]}');
    await expect(readMemoryList(broken, { maxHeldBytes: 999, tooLarge })).rejects.toThrow("too much");
    expect(await readMemoryList(bodyOf('{"memories":[1,2]}'), { maxHeldBytes: 1_000 })).toMatchObject({
      received: 2,
    });
  });

  it("of many long fields is outlined by the first ones", async () => {
    const fields = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`${n + 1}${"n".repeat(50)}`, n]));
    await expect(read({ ...fields, x: 1 })).rejects.toMatchObject({
      message: expect.stringMatching(/\(its fields: (?:\dn{39} \(a number\),? ?){8}\)$/),
    });
  });
});

describe("a list", () => {
  const format = { ...memoryApiFormat, server: "the server" };
  const idsOf = async (text: string, path: string[]) => {
    const list = await readItemList(bodyOf(text), { format: { ...format, path } });
    return [list.memories.map(({ id }) => id), list.malformed.length, list.isWhole, list.doubt];
  };
  const [one, two] = [JSON.stringify(item("1")), JSON.stringify(item("2"))];

  it.each([
    [`[${one},${two}]`, []],
    [` \n[ ${one} , ${two} ] \n`, []],
    [`{"data":{"items":[${one},${two}],"n":2},"meta":{"id":"x","created_at":"y"}}`, ["data", "items"]],
    [
      `{"meta":{"items":[{"id":"0"}]},"data":{"other":{"items":[1]},"items":[${one},${two}]}}`,
      ["data", "items"],
    ],
    [`{"items":[{"items":[]}],"a":{"b":{"c é":[${one},${two}]}}}`, ["a", "b", "c é"]],
    [`{"a.b*":[${one},${two}]}`, ["a.b*"]],
  ])("is found where it stands: %s", async (text, path) => {
    expect(await idsOf(text, path)).toEqual([["1", "2"], 0, true, null]);
  });

  it("as the whole answer, or deep in it, costs no item for a broken one, and tells when it breaks off", async () => {
    expect(await idsOf(`[${one},{"id":,${two}]`, [])).toEqual([["1", "2"], 1, true, expect.anything()]);
    expect(await idsOf(`[${one},${two}`, [])).toEqual([["1", "2"], 0, false, expect.anything()]);
    const deep = `{"data":{"items":[${one},{"id":"3"},${two}]}}`;
    expect(await idsOf(deep, ["data", "items"])).toEqual([["1", "2"], 1, true, null]);
    expect(await idsOf(deep.slice(0, -1), ["data", "items"])).toEqual([
      ["1", "2"],
      1,
      true,
      expect.anything(),
    ]);
  });

  it("that is not where it should be is told with the shape of the answer", async () => {
    await expect(idsOf(`{"data":{"items":[]}}`, ["items"])).rejects.toThrow(
      'the server\'s answer has no list "items" (its fields: data (an object))',
    );
    await expect(idsOf(`{"data":[]}`, [])).rejects.toThrow(
      "the server's answer is no list (its fields: data (a list))",
    );
    await expect(idsOf("[]", ["data"])).rejects.toThrow('has no list "data" (it is a list)');
  });
});
