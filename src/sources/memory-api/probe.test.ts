import { describe, expect, test } from "vitest";
import { listOf } from "../../../test/support/memory-list.ts";
import { memoryOf } from "../../../test/support/sync-harness.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { probeNarrower } from "./confirm-answer.ts";
import { isNewestFirst, type ListQuery } from "./listing-work.ts";
import { probeFurther } from "./probe.ts";

type Answers = Record<string, readonly string[] | ErrorCode>;

/** A server that answers by range, or by `offset=…` and `page=…`; what it does not know it refuses. */
function serverOf(answers: Answers) {
  const asked: string[] = [];
  const ask = async ({ range, limit, position = {} }: ListQuery) => {
    const [name = range] = Object.entries(position).map((each) => each.join("="));
    asked.push(name);
    expect(limit).toBe(100);
    const answer = answers[name] ?? "SOURCE_REFUSED";
    if (typeof answer === "string") throw new ConnectorError(answer, "no");
    return listOf(answer);
  };
  return { server: { ask, largestAnswer: () => 0 }, asked };
}

const shown = ["c", "b", "a"];

describe("a list of a suspicious length", () => {
  const look = (answers: Answers, change = {}) => {
    const { server, asked } = serverOf(answers);
    const doubted = { range: "all", limit: 100, list: listOf(shown), largestBefore: 0, ...change } as const;
    return { finding: probeFurther(server, doubted), asked };
  };
  const whole = { kind: "whole" };
  const nothing = { kind: "nothing" };
  const byPage = { kind: "cut", paging: "page" };

  test.each<[string, Answers, object]>([
    ["has an end where an offset of its last item shows that alone", { "offset=2": ["a"] }, whole],
    ["goes on where more comes behind", { "offset=2": ["a", "z"] }, { kind: "cut", paging: "offset" }],
    ["is no wiser by a server that knows no offset", { "offset=2": shown }, nothing],
    ["has an end where the second page is empty", { "page=1": shown, "page=2": [] }, whole],
    ["goes on where the second page has others", { "page=1": shown, "page=2": ["b", "z"] }, byPage],
    ["is no wiser where each page is the first", { "page=1": shown, "page=2": shown }, nothing],
    ["is no wiser where the second page has nothing new", { "page=1": shown, "page=2": ["b"] }, nothing],
    ["is no wiser where the second page fails", { "page=1": shown, "page=2": "SOURCE_TIMEOUT" }, nothing],
    ["goes on where pages count from 0", { "page=1": ["z"], "page=0": shown }, byPage],
    ["has an end where pages count from 0", { "page=1": [], "page=0": shown }, whole],
    ["is no wiser where no page is the list", { "page=1": ["z"], "page=0": ["y"] }, nothing],
    ["is no wiser where a page begins otherwise", { "page=1": ["x", "b", "a"], "page=2": [] }, nothing],
    ["is no wiser where a page ends otherwise", { "page=1": ["c", "b", "x"], "page=2": [] }, nothing],
    ["is no wiser where a page is longer", { "page=1": ["c", "x", "b", "a"], "page=2": [] }, nothing],
    [
      "is no wiser where the zeroth page fails",
      { "page=1": ["z"], "page=0": "SOURCE_CONTEXT_NOT_FOUND" },
      nothing,
    ],
    ["is no wiser by a server that is left alone", { "offset=2": "SOURCE_BREAKER_OPEN" }, nothing],
  ])("%s", async (_, answers, finding) => {
    expect(await look(answers).finding).toEqual(finding);
  });

  test("is whole when the server has shown more, now or before", async () => {
    const before = look({}, { largestBefore: 4 });
    expect([await before.finding, before.asked]).toEqual([whole, []]);
    const wider = look({ week: shown, month: ["d", ...shown] }, { range: "day", largestBefore: 3 });
    expect([await wider.finding, wider.asked]).toEqual([whole, ["week", "month"]]);
    const none = look({ week: "SOURCE_REFUSED", month: shown, all: shown }, { range: "day" });
    expect([await none.finding, none.asked]).toEqual([
      nothing,
      ["week", "month", "all", "offset=2", "page=1"],
    ]);
  });

  test("of one item is not told by an offset that leaves nothing out", async () => {
    expect(await look({ "offset=0": ["a"] }, { list: listOf(["a"]) }).finding).toEqual(nothing);
  });

  test.each(["SOURCE_UNAUTHORIZED", "CANCELLED"] as const)(
    "is not looked at further after %s",
    async (code) => {
      await expect(look({ "offset=2": code }).finding).rejects.toMatchObject({ code });
    },
  );
});

describe("a narrower range", () => {
  const startedAt = Date.UTC(2026, 0, 1);
  const look = async (answers: Answers) => {
    const { server, asked } = serverOf(answers);
    const found = await probeNarrower(server, {
      range: "month",
      limit: 100,
      keys: new Set(shown),
      startedAt,
    });
    return { found: found && [found.range, found.answer.received], asked };
  };

  test.each<[string, Answers, [string, number] | null, string[]]>([
    ["that shows another contradicts", { day: ["c", "z"] }, ["day", 2], ["day"]],
    ["that shows the same does not", { day: ["c"], week: ["z"] }, null, ["day"]],
    ["that is empty is left for the next", { day: [], week: ["z"] }, ["week", 1], ["day", "week"]],
    ["that fails is left for the next", { day: "SOURCE_TIMEOUT", week: ["a"] }, null, ["day", "week"]],
    ["is not wider", { day: [], week: [], all: ["z"] }, null, ["day", "week"]],
  ])("%s", async (_, answers, found, asked) => {
    expect(await look(answers)).toEqual({ found, asked });
  });

  test("that shows what has come since says nothing", async () => {
    for (const [createdAt, isHidden] of [
      ["2026-01-01T00:00:00Z", false],
      ["2025-12-31T23:59:59Z", true],
    ] as const) {
      const ask = async () => listOf(["z"], { memories: [memoryOf("z", { createdAt })] });
      const list = { range: "all", limit: 100, keys: new Set(shown), startedAt } as const;
      expect((await probeNarrower({ ask, largestAnswer: () => 0 }, list)) !== null).toBe(isHidden);
    }
  });
});

test.each([
  [[], true],
  [[1], true],
  [[3, 2, 1], true],
  [[3, 1, 2, 1], true],
  [[2, 2], true],
  [[1, 2], false],
  [[2, 1, 3], false],
])("that memories of the days %j run from new to old is %j: none is older than the last", (days, isSo) => {
  const memories = days.map((day) => memoryOf(`m${day}`, { createdAt: `2025-01-0${day}T00:00:00Z` }));
  expect(isNewestFirst(memories)).toBe(isSo);
});
