import fc from "fast-check";
import { expect, test } from "vitest";
import { newRow } from "../domain/ledger.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { backoffMs, Retries } from "./retry-policy.ts";

const policy = { maxAttempts: 3, initialBackoffMs: 1_000, backoffMultiplier: 2, maxBackoffMs: 60_000 };
const retriesAt = (now: number) => new Retries({ policy, clock: { now: () => now }, random: () => 0 });
const row = newRow({ connectorId: "c", contextId: "x", memoryId: "m" }, "f", 0);

test("waits grow, stay within the cap, and are never less than half of what they could be", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, random) => {
        const full = Math.min(60_000, 1_000 * 2 ** (attempts - 1));
        const wait = backoffMs(policy, attempts, () => random);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(wait).toBeLessThanOrEqual(full);
      },
    ),
  );
});

test("a passing error is tried again until the attempts are used up, then it is a dead letter", () => {
  const error = new ConnectorError("SINK_DOCUMENT_FAILED", "model said no");
  const after = (attempts: number) => retriesAt(10).afterFailure({ ...row, attempts }, error);
  expect(after(0)).toMatchObject({ type: "fail", nextAttemptAt: 510 });
  expect(after(1)).toMatchObject({ type: "fail", nextAttemptAt: 1_010 });
  expect(after(2)).toMatchObject({
    type: "die",
    error: { code: "SINK_DOCUMENT_FAILED", message: "model said no" },
  });
});

test("an error of the item itself is a dead letter at once", () => {
  const error = new ConnectorError("PAYLOAD_MISSING", "gone");
  expect(retriesAt(0).afterFailure(row, error)).toMatchObject({ type: "die" });
});

test("an attempt that failed is one of several, whatever its error usually asks for", () => {
  const error = new ConnectorError("SINK_REJECTED", "400", { hint: "look" });
  const after = (attempts: number) => retriesAt(0).afterAttempt({ ...row, attempts }, error);
  expect(after(1)).toMatchObject({ type: "fail", nextAttemptAt: 1_000 });
  expect(after(2)).toEqual({ type: "die", error: { code: "SINK_REJECTED", message: "400", hint: "look" } });
});
