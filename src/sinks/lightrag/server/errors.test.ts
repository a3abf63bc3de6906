import { expect, test } from "vitest";
import { ManualClock } from "../../../../test/support/manual-clock.ts";
import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import type { CircuitBreaker } from "../../../kernel/http/circuit-breaker.ts";
import { HttpError, type HttpFailure } from "../../../kernel/http/http-error.ts";
import { createBreaker } from "./connection.ts";
import { dialect14, dialect15 } from "./dialect.ts";
import { detailOf, toSinkError } from "./errors.ts";
import { refusalOf } from "./insert-request.ts";
import { lightRagRetry, resolveOptions } from "./options.ts";

const url = "http://lightrag.test/documents/text";
const failed = (
  failure: HttpFailure,
  details: { status?: number; bodyExcerpt?: string; cause?: unknown } = {},
) => new HttpError(failure, whatOf(failure, details), { method: "POST", url, ...details });
const whatOf = (
  failure: HttpFailure,
  { status = "", bodyExcerpt = "" }: { status?: number | string; bodyExcerpt?: string },
) => `went wrong (${failure} ${status}${bodyExcerpt})`;
const answered = (status: number, detail?: unknown) =>
  failed("status", { status, bodyExcerpt: detail === undefined ? "<html>" : JSON.stringify({ detail }) });

test.each([
  ["", ""],
  ["<html>", ""],
  ['{"detail":"a plain sentence"}', "a plain sentence"],
  ['{"detail":   "with \\"quotes\\" and \\u00e9"}', 'with "quotes" and é'],
  ['{"detail":"cut in the mid', "cut in the mid"],
  ['{"detail":"a bad \\x escape"}', ""],
  ['{"detail":[{"input":"a secret"}]}', ""],
])("of the body %j the server's own explanation is %j", (bodyExcerpt, detail) => {
  expect(detailOf(failed("status", { status: 500, bodyExcerpt }))).toBe(detail);
});

test("a body that is not known explains nothing", () => {
  expect(detailOf(failed("network"))).toBe("");
});

test.each([
  [answered(401), "SINK_UNAUTHORIZED"],
  [answered(403), "SINK_UNAUTHORIZED"],
  [answered(404), "SINK_UNSUPPORTED"],
  [answered(405), "SINK_UNSUPPORTED"],
  [answered(400), "SINK_BAD_ANSWER"],
  [answered(418), "SINK_BAD_ANSWER"],
  [answered(429), "SINK_BUSY"],
  [answered(500), "SINK_SERVER_ERROR"],
  [answered(503), "SINK_SERVER_ERROR"],
  [answered(503, "fenced pending recovery"), "SINK_RECOVERY_REQUIRED"],
  [answered(500, "fenced pending recovery"), "SINK_SERVER_ERROR"],
  [failed("redirect"), "SINK_UNSUPPORTED"],
  [failed("tls"), "SINK_TLS"],
  [failed("connect"), "SINK_UNREACHABLE"],
  [failed("network"), "SINK_UNREACHABLE"],
  [failed("timeout"), "SINK_UNREACHABLE"],
  [new TypeError("a defect"), "INTERNAL"],
])("%s is told as %s, with what caused it", (thrown, code) => {
  expect(toSinkError(thrown)).toMatchObject({ code, cause: thrown });
});

test("errors of the port, and cancellations, pass as they are", () => {
  const own = new ConnectorError("SINK_BUSY", "later");
  const cancelled = new DOMException("stop", "AbortError");
  expect(toSinkError(own)).toBe(own);
  expect(toSinkError(cancelled)).toBe(cancelled);
});

test("an error of the port names the URL, and the status where there was one", () => {
  expect(toSinkError(answered(500))).toMatchObject({
    message: `POST ${url} went wrong (status 500<html>)`,
    subject: url,
    status: 500,
  });
  expect(toSinkError(failed("connect"))).toMatchObject({ subject: url, status: undefined });
});

const conflict = "Document storage already contains 'm1@ctx.md'";
test.each([
  [failed("connect"), "final", "final"],
  [failed("tls"), "final", "final"],
  [failed("redirect", { status: 302 }), "final", "final"],
  [failed("network"), "lost", "lost"],
  [failed("timeout"), "lost", "lost"],
  [failed("not-json", { status: 200 }), "lost", "lost"],
  [answered(400), "invalid", "invalid"],
  [answered(408), "lost", "lost"],
  [answered(409, "a scan is running"), "later", "later"],
  [answered(409, conflict), "conflict", "later"],
  [answered(500, conflict), "lost", "lost"],
  [answered(413), "too-large", "too-large"],
  [answered(422), "invalid", "invalid"],
  [answered(429), "later", "later"],
  [answered(429, "12 requested, capacity 10"), "too-large", "too-large"],
  [answered(429, "10 requested, capacity 10"), "later", "later"],
  [answered(429, "5 requested, capacity 10"), "later", "later"],
  [answered(503), "lost", "lost"],
  [answered(503, "busy"), "later", "later"],
  [answered(503, "Recovery-required"), "final", "final"],
  [answered(500), "lost", "lost"],
  [answered(502), "lost", "lost"],
  [answered(401), "final", "final"],
  [answered(499), "final", "final"],
] as const)("%s: an insert that failed so is %s in 1.5 and %s in 1.4", (error, in15, in14) => {
  expect([refusalOf(error, dialect15), refusalOf(error, dialect14)]).toEqual([in15, in14]);
});

test.each([
  ["duplicated", "t1", { kind: "exists", trackId: "t1" }],
  ["duplicated", "", { kind: "exists", trackId: undefined }],
  ["success", "t1", { kind: "accepted", trackId: "t1" }],
] as const)("1.4 answers an insert with %s, and 1.5 knows no such answer", (status, trackId, answer) => {
  expect(dialect14.readAnswer(status, trackId)).toEqual(answer);
  expect(dialect15.readAnswer(status, trackId)).toEqual({ kind: "accepted", trackId });
});

test("what is not said has a default, and an attempt is never longer than its call", () => {
  expect(resolveOptions({ url })).toMatchObject({
    url,
    timeoutMs: 300_000,
    attemptTimeoutMs: 60_000,
    circuitBreaker: { failures: 10, cooldownMs: 10_000 },
    retry: { maxRetries: 7, baseMs: 500, multiplier: 2, capMs: 10_000 },
    pollMs: 250,
    graceMs: 30_000,
    settleMs: 10_000,
    removeMs: 300_000,
  });
  expect(resolveOptions({ url, timeoutMs: 5_000 }).attemptTimeoutMs).toBe(5_000);
  expect(resolveOptions({ url, timing: { pollMs: 1 } })).toMatchObject({ pollMs: 1, graceMs: 30_000 });
  const clock = new ManualClock();
  const random = () => 0;
  expect(resolveOptions({ url, clock, random })).toMatchObject({ clock, random });
});

/** How many failures in a row open the circuit; none within a hundred is undefined. */
async function failuresUntilOpen(error: Error, given: { failures: number; maxRetries?: number }) {
  const retry = { ...lightRagRetry, maxRetries: given.maxRetries ?? 0 };
  const clock = new ManualClock();
  const circuitBreaker = { failures: given.failures, cooldownMs: 7_000 };
  const breaker: CircuitBreaker = createBreaker(
    resolveOptions({ url, clock, circuitBreaker, timing: { retry } }),
  );
  for (let count = 1; count <= 100; count++) {
    await breaker.run(() => Promise.reject(error), new AbortController().signal).catch(() => undefined);
    if (breaker.snapshot().state !== "closed") return count;
  }
  return undefined;
}

test.each([
  ["a crash", answered(500), { failures: 4 }, 4],
  ["no connection", failed("connect"), { failures: 3 }, 3],
  [
    "a failure that the server explains",
    answered(500, "Internal server error (error_id: 1)"),
    { failures: 3 },
    undefined,
  ],
  ["a refusal", answered(422), { failures: 3 }, undefined],
  ["a request to slow down", answered(429), { failures: 3 }, undefined],
  ["a defect of ours", new TypeError("x"), { failures: 3 }, undefined],
  ["the retries of a single call", failed("connect"), { failures: 3, maxRetries: 7 }, 9],
])("the circuit opens by outages in a row: %s", async (_, error, given, count) => {
  expect(await failuresUntilOpen(error, given)).toBe(count);
});
