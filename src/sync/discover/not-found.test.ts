import { expect, test } from "vitest";
import { runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { SeenIds } from "../seen-ids.ts";
import { reportNotFound } from "./discover.ts";

async function found(ids: string[] | undefined, ...contexts: string[][]) {
  const run = await runContext(await quickHarness({ contextIds: ["A", "B"] }), {
    filter: { ids: ids && new Set(ids) },
  });
  const readings = contexts.map((shownIds) => {
    const shown = new SeenIds();
    shown.add({ memories: shownIds.map((id) => memoryOf(id)), malformed: [], truncated: null });
    return { shown };
  });
  reportNotFound(run, readings);
  return { count: run.report.notFound?.size ?? 0, errors: run.report.toRecord("success", null).errors };
}

test("a memory that any context shows is found", async () => {
  expect(await found(["a", "b"], ["a"], ["b"])).toEqual({ count: 0, errors: [] });
});

test("those that none shows are named, with the contexts that were read", async () => {
  const { count, errors } = await found(["a", "x", "y"], ["a"], []);
  expect(count).toBe(2);
  expect(errors).toMatchObject([
    {
      code: "MEMORY_NOT_FOUND",
      count: 2,
      examples: ["x", "y"],
      message: expect.stringContaining('in "A", "B"'),
    },
  ]);
});

test("a run that names no memory misses none", async () => {
  expect(await found(undefined, [])).toEqual({ count: 0, errors: [] });
});
