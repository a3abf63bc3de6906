import { describe, expect, it } from "vitest";
import { CircuitOpen } from "../../kernel/http/circuit-breaker.ts";
import { HttpError, type HttpErrorDetails, type HttpFailure } from "../../kernel/http/http-error.ts";
import { toSourceError, unknownCharset } from "./source-error.ts";

const subject = { name: 'context "CTX"', notFound: "SOURCE_CONTEXT_NOT_FOUND" } as const;
const http = (failure: HttpFailure, details: Partial<HttpErrorDetails> = {}) =>
  new HttpError(failure, "failed", { method: "GET", url: "http://h/memory/CTX", ...details });
const settings = { block: "memory_api", server: "the Memory API", keyOrigin: null } as const;
const told = (error: unknown) => toSourceError(error, subject, settings);

describe("a failed call", () => {
  it.each([
    [401, "SOURCE_UNAUTHORIZED"],
    [403, "SOURCE_FORBIDDEN"],
    [404, "SOURCE_CONTEXT_NOT_FOUND"],
    [408, "SOURCE_TIMEOUT"],
    [425, "SOURCE_RATE_LIMITED"],
    [429, "SOURCE_RATE_LIMITED"],
    [400, "SOURCE_REFUSED"],
    [499, "SOURCE_REFUSED"],
    [500, "SOURCE_UNAVAILABLE"],
    [503, "SOURCE_UNAVAILABLE"],
  ])("with status %i is %s", (status, code) => {
    expect(told(http("status", { status }))).toMatchObject({ code, subject: 'context "CTX"', status });
  });

  it.each([
    ["connect", "SOURCE_UNREACHABLE"],
    ["network", "SOURCE_UNREACHABLE"],
    ["tls", "SOURCE_TLS"],
    ["timeout", "SOURCE_TIMEOUT"],
    ["redirect", "SOURCE_REDIRECTED"],
    ["too-large", "SOURCE_ANSWER_TOO_LARGE"],
    ["not-json", "SOURCE_BAD_ANSWER"],
    ["circuit-open", "SOURCE_BREAKER_OPEN"],
    ["unsendable", "SOURCE_CONTEXT_NOT_FOUND"],
  ] as const)("by %s is %s, and says how it failed", (failure, code) => {
    const cause = http(failure);
    expect(told(cause)).toMatchObject({
      code,
      message: 'context "CTX": GET http://h/memory/CTX failed',
      cause,
      status: undefined,
      retryAfterMs: undefined,
    });
  });

  it("says how often it was tried, and how long the server wants to be left alone", () => {
    const error = http("status", { status: 429, retryAfterMs: 3_000 });
    error.attempts = 2;
    expect(told(error)).toMatchObject({
      message: 'context "CTX": GET http://h/memory/CTX failed (2 attempts)',
      retryAfterMs: 3_000,
    });
  });

  it.each([400, 422])("with a refusal of %i shows what the server does not like", (status) => {
    expect(told(http("status", { status, bodyExcerpt: "limit is too large" }))).toMatchObject({
      message: 'context "CTX": GET http://h/memory/CTX failed: limit is too large',
    });
    expect(told(http("status", { status }))).toMatchObject({ message: expect.stringMatching(/failed: $/) });
  });

  it.each([401, 500])("with status %i shows nothing of its body", (status) => {
    expect(told(http("status", { status, bodyExcerpt: "words" }))).toMatchObject({
      message: expect.not.stringContaining("words"),
    });
  });

  it("of a server that is left alone says since when, until when and why", () => {
    const snapshot = {
      state: "open",
      since: 0,
      until: 60_000,
      consecutiveFailures: 10,
      lastError: "GET failed",
    };
    const open = new CircuitOpen(snapshot as never, 60_000);
    expect(told(http("circuit-open", { cause: open }))).toMatchObject({
      message: expect.stringMatching(/^context "CTX": the Memory API failed 10 times in a row.*GET failed/),
    });
  });

  it("by anything else is left as it is", () => {
    const defect = new TypeError("x");
    expect(told(defect)).toBe(defect);
  });
});

it.each([
  [null, "check memory_api.api_key, or MEMORY_API_KEY in the environment"],
  ["--api-key", "correct the key: it comes from --api-key"],
])("a key that is refused is looked for where it comes from: %s", (keyOrigin, hint) => {
  const error = toSourceError(http("status", { status: 401 }), subject, { ...settings, keyOrigin });
  expect(error).toMatchObject({ code: "SOURCE_UNAUTHORIZED", hint });
});

it("a charset that is not known is named, cut short", () => {
  expect(unknownCharset("x".repeat(60), subject, settings)).toMatchObject({
    code: "SOURCE_CHARSET_UNKNOWN",
    subject: 'context "CTX"',
    message: `context "CTX": the answer is said to be in "${"x".repeat(40)}", a charset that is not known`,
  });
});
