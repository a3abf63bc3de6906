import { describe, expect, it } from "vitest";
import { reportedFailure } from "./reported-failure.ts";

describe("an answer under status 200 that speaks of a failure is heard", () => {
  it.each([
    { error: "db down" },
    { error: { code: "INTERNAL", message: "db down" } },
    { errors: [{ message: "timeout reading shard 2" }] },
    { errors: ["shard 2"] },
    { error: "Ошибка базы" },
    { data: { errors: [{ path: ["memories"] }, { message: "x" }], error_count: 1 } },
    { success: false, message: "partial outage" },
    { ok: false },
    { ok: 0 },
    { isSuccess: "false" },
    { status: "error" },
    { status: "Partial-Success" },
    { meta: { status: { code: 503 } } },
    { code: "429", msg: "slow down" },
    { statusCode: 500 },
    { timed_out: true },
    { degraded: true },
    { _shards: { total: 5, successful: 4, failed: 1 } },
    { error_message: "x" },
    { has_errors: true },
    { partial_failure: { reason: "x" } },
  ])("%j", (surroundings) => {
    expect(reportedFailure({ memories: [], ...surroundings }, "the Memory API")).toContain(
      "failure of the server",
    );
  });
});

describe("an answer that speaks of none is not doubted", () => {
  it.each([
    {},
    { error: null },
    { error: false, errors: [] },
    { error: "" },
    { error: {} },
    { error: { code: 0, message: "OK" } },
    { error_code: 0, error_msg: "success" },
    { errors: 0, failed: "0" },
    { success: true, ok: 1, code: 200, status: "ok" },
    { success: "done" },
    { code: 0, status: "complete", state: "published" },
    { timed_out: false, _shards: { total: 5, successful: 5, failed: 0 } },
    { user: { status: "error" }, request: { error: "x" } },
    { last_error: "connection refused yesterday" },
    "text",
    null,
  ])("%j", (surroundings) => {
    expect(reportedFailure(surroundings, "the Memory API")).toBeNull();
  });
});

it("the server's own words are shown, and no more than a line of them", () => {
  expect(reportedFailure({ error: { message: "db down" } }, "the Memory API")).toContain(
    "error.message: db down",
  );
  expect(reportedFailure({ error: "x".repeat(9_000) }, "the Memory API")?.length).toBeLessThan(250);
});
