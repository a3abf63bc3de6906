import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMemory } from "./parse-memory.ts";

const good = {
  id: "17",
  type: "record",
  audio: true,
  image: false,
  transcript: "We met at the lake.",
  location_lat: 41.9,
  location_lon: 12.5,
  created_at: "2025-12-18T14:30:00Z",
};

function memoryOf(item: unknown) {
  const parsed = parseMemory(item);
  if (parsed.kind === "malformed") throw new Error(parsed.malformed.problems.join("; "));
  return parsed.memory;
}

function malformedOf(item: unknown) {
  const parsed = parseMemory(item);
  if (parsed.kind === "memory") throw new Error("it was taken for a good memory");
  return parsed.malformed;
}

describe("a memory", () => {
  it("keeps what is useful of an item and nothing else", () => {
    const item = {
      ...good,
      updated_at: "2025-12-19T08:00:00+01:00",
      title: "Lake",
      tags: ["a", "b"],
      gcs_uri: "gs://x",
    };
    expect(memoryOf(item)).toEqual({
      id: "17",
      type: "record",
      audio: true,
      image: false,
      transcript: "We met at the lake.",
      location: { lat: 41.9, lon: 12.5 },
      createdAt: "2025-12-18T14:30:00.000Z",
      updatedAt: "2025-12-19T07:00:00.000Z",
      title: "Lake",
      tags: ["a", "b"],
    });
  });

  it("needs no more than an id and a time", () => {
    expect(memoryOf({ id: "1", created_at: "2025-12-18" })).toMatchObject({
      type: "unknown",
      audio: false,
      image: false,
      transcript: "",
      location: null,
      updatedAt: null,
      title: null,
      tags: [],
    });
  });

  it.each([
    [true, true],
    ["https://media/17.mp3", true],
    [false, false],
    [null, false],
    ["", false],
    [undefined, false],
  ])("has a medium when its flag is %o: %o", (flag, expected) => {
    expect(memoryOf({ ...good, audio: flag, image: flag })).toMatchObject({
      audio: expected,
      image: expected,
    });
  });

  it.each([
    [0, 0],
    [null, null],
    [undefined, undefined],
    [41.9, null],
    [91, 12],
    [-91, 12],
    [41, 180.1],
    ["41.9", "12.5"],
    [Number.POSITIVE_INFINITY, 12],
  ])("has no location when it says %o, %o", (location_lat, location_lon) => {
    expect(memoryOf({ ...good, location_lat, location_lon }).location).toBeNull();
  });

  it.each([
    [0, 12.5],
    [51.5, 0],
    [-90, -180],
  ])("has a location at %o, %o", (lat, lon) => {
    expect(memoryOf({ ...good, location_lat: lat, location_lon: lon }).location).toEqual({ lat, lon });
  });

  it("takes a number for its id", () => {
    expect(memoryOf({ ...good, id: 1234567890 }).id).toBe("1234567890");
  });

  it("keeps every character of its text, a U+FFFD of its own and control characters too", () => {
    const transcript = "a\ufffdb\u0000c\u0007\u{1f600}";
    expect(memoryOf({ ...good, transcript }).transcript).toBe(transcript);
  });

  it("loses only an adornment that cannot be read", () => {
    expect(memoryOf({ ...good, updated_at: "later", title: 7, tags: ["a", 1, null, ""] })).toMatchObject({
      updatedAt: null,
      title: null,
      tags: ["a"],
    });
    expect(memoryOf({ ...good, tags: "a,b" }).tags).toEqual([]);
    expect(memoryOf({ ...good, title: "cut \ud83d", tags: ["\udc00", "b"] })).toMatchObject({
      title: null,
      tags: ["b"],
    });
  });
});

describe("a malformed item", () => {
  it("tells everything that is wrong with it at once, with its id when that is usable", () => {
    const item = { id: "9", created_at: "soon", transcript: ["x"], type: 3 };
    expect(malformedOf(item)).toEqual({
      id: "9",
      problems: [
        'created_at: "soon" is no ISO 8601 time',
        "type: is a number, not a string",
        "transcript: is a list, not a string",
      ],
      excerpt: JSON.stringify(item),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each([
    [{ created_at: good.created_at }, "id: is missing"],
    [{ ...good, id: "" }, "id: is empty"],
    [{ ...good, id: null }, "id: is null, not a string"],
    [{ ...good, id: 2 ** 53 }, "id: is a number that cannot be read exactly; it must be sent as a string"],
    [{ ...good, id: 1.5 }, "id: is a number that cannot be read exactly; it must be sent as a string"],
    [{ ...good, id: "x\udc00" }, "id: holds an unpaired surrogate"],
    [{ ...good, id: " \t\u3000" }, "id: is white space"],
    [{ ...good, id: "a\u0000" }, "id: holds a control character"],
    [{ ...good, id: "x".repeat(1025) }, "id: has 1025 characters, more than 1024"],
    [{ ...good, id: { a: 1 } }, "id: is an object, not a string"],
    [
      { ...good, transcript: "cut \ud83d" },
      "transcript: holds an unpaired surrogate (\\ud83d at character 4), which is no character; most likely it was cut apart",
    ],
    [{ ...good, created_at: 1766068200 }, "created_at: is a number, not a string"],
    [{ id: "1" }, "created_at: is missing"],
    [null, "the item is null, not an object"],
    ["text", "the item is a string, not an object"],
    [[good], "the item is a list, not an object"],
  ])("%j: %s", (item, problem) => {
    expect(malformedOf(item).problems).toEqual([problem]);
  });

  it("is recognised by its fingerprint when it comes again, and a changed one is not", () => {
    expect(malformedOf({ id: "" }).fingerprint).toBe(malformedOf({ id: "" }).fingerprint);
    expect(malformedOf({ id: "" }).fingerprint).not.toBe(malformedOf({ id: "", type: "note" }).fingerprint);
  });

  it("is shown in part when it is long, and without its content when it cannot be written", () => {
    expect(malformedOf({ id: "", transcript: "x".repeat(10_000) }).excerpt).toHaveLength(500);
    const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    expect(malformedOf(deep).excerpt).toContain("nested too deeply");
  });
});

describe("any JSON", () => {
  it("gives a memory or a malformed item, never an exception, and touches no prototype", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (item) => {
        expect(["memory", "malformed"]).toContain(parseMemory(item).kind);
      }),
    );
    parseMemory(
      JSON.parse(
        '{"__proto__": {"polluted": true}, "id": "1", "created_at": "2025-01-01", "constructor": 1}',
      ),
    );
    expect({}).not.toHaveProperty("polluted");
  });
});
