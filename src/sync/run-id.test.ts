import { expect, test } from "vitest";
import { newRunId } from "./run-id.ts";

test("a run's id begins with its time, so that ids sort by time, and no two are the same", () => {
  const now = Date.parse("2025-01-31T23:59:59.900Z");
  expect(newRunId(now)).toMatch(/^20250131T235959-[0-9a-f]{6}$/u);
  expect(newRunId(now)).not.toBe(newRunId(now));
});
