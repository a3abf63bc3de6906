import { describe, expect, it } from "vitest";
import { readMemoryList } from "./memory-list.ts";

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
