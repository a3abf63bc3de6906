import { describe, expect, it } from "vitest";
import { isConnectorError } from "../../errors/connector-error.ts";
import { readMemoryList } from "./memory-list.ts";

const item = (id: string, more: object = {}) => ({ id, created_at: "2025-12-18T14:30:00Z", ...more });

describe("an answer", () => {
  it("gives good items and malformed ones apart", () => {
    const list = readMemoryList({ memories: [item("1"), { id: "2" }, item("3")], count: 3 });
    expect(list.memories.map(({ id }) => id)).toEqual(["1", "3"]);
    expect(list.malformed.map(({ id }) => id)).toEqual(["2"]);
    expect(list).toMatchObject({ received: 3, declared: 3, nextCursor: undefined });
  });

  it.each([
    [undefined, "it is empty"],
    [null, "it is null"],
    [[item("1")], "it is a list"],
    ["ok", "it is a string"],
    [{ detail: "secret words" }, "its fields: detail"],
    [{ memories: null }, "its fields: memories"],
    [JSON.parse('{"__proto__": {"memories": []}}'), "its fields: __proto__"],
  ])("that is no list is a coded error which shows the shape and not the content: %j", (body, shape) => {
    const thrown = (() => {
      try {
        return readMemoryList(body);
      } catch (error) {
        return error;
      }
    })();
    expect(isConnectorError(thrown, "SOURCE_BAD_ANSWER")).toBe(true);
    expect((thrown as Error).message).toContain(`(${shape})`);
  });

  it("with one id twice gives the version that was updated last", () => {
    const newer = item("1", { updated_at: "2026-01-02T00:00:00Z", transcript: "new" });
    const older = item("1", { updated_at: "2026-01-01T00:00:00Z", transcript: "old" });
    for (const memories of [
      [newer, older],
      [older, newer],
    ]) {
      expect(readMemoryList({ memories }).memories.map(({ transcript }) => transcript)).toEqual(["new"]);
    }
  });

  it("with one id twice and no update time gives the later item, and a good one rather than a malformed one", () => {
    const memories = [
      item("1", { transcript: "a" }),
      item("1", { transcript: "b" }),
      item("1", { transcript: 5 }),
    ];
    const list = readMemoryList({ memories });
    expect(list.memories.map(({ transcript }) => transcript)).toEqual(["b"]);
    expect(list.malformed).toEqual([]);
    expect(list.received).toBe(3);
  });

  it.each([
    [{ next_cursor: "abc" }, "abc"],
    [{ nextCursor: 12 }, "12"],
    [{ next: "" }, null],
    [{ next_cursor: null }, null],
    [{}, undefined],
  ])("%j has the cursor %o", (fields, cursor) => {
    expect(readMemoryList({ memories: [], ...fields }).nextCursor).toBe(cursor);
  });

  it.each(["3", 1.5, null, undefined])("ignores a count that is %o", (count) => {
    expect(readMemoryList({ memories: [], count }).declared).toBeNull();
  });
});
