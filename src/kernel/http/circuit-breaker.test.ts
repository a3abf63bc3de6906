import { describe, expect, it } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { CircuitBreaker, CircuitOpen, type CircuitSnapshot } from "./circuit-breaker.ts";

const never = new AbortController().signal;
class Outage extends Error {}

function makeBreaker(clock = new ManualClock()) {
  const breaker = new CircuitBreaker({
    threshold: 3,
    openMs: 30_000,
    isOutage: (error) => error instanceof Outage,
    clock,
  });
  const fail = (message = "down") =>
    breaker.run(() => Promise.reject(new Outage(message)), never).catch((e) => e);
  const succeed = () => breaker.run(async () => "fine", never);
  return { breaker, clock, fail, succeed };
}

async function opened() {
  const parts = makeBreaker();
  for (let i = 0; i < 3; i++) await parts.fail(`down ${i}`);
  return parts;
}

describe("circuit breaker", () => {
  it("opens after the set number of failures in a row and says since when, until when and why", async () => {
    const { breaker, clock } = await opened();
    expect(breaker.snapshot()).toEqual({
      state: "open",
      since: clock.now(),
      until: clock.now() + 30_000,
      consecutiveFailures: 3,
      lastError: "down 2",
    });
  });

  it("refuses calls while open, with the time left", async () => {
    const { clock, fail } = await opened();
    clock.advance(10_000);
    const refusal = await fail();
    expect(refusal).toBeInstanceOf(CircuitOpen);
    expect(refusal.retryAfterMs).toBe(20_000);
  });

  it("closes when the first call after the pause succeeds", async () => {
    const { breaker, clock, succeed } = await opened();
    clock.advance(30_000);
    await expect(succeed()).resolves.toBe("fine");
    expect(breaker.snapshot()).toMatchObject({
      state: "closed",
      until: null,
      consecutiveFailures: 0,
      lastError: null,
    });
  });

  it("opens again for a whole pause when the first call after the pause fails", async () => {
    const { breaker, clock, fail } = await opened();
    clock.advance(30_000);
    await fail("still down");
    expect(breaker.snapshot()).toMatchObject({
      state: "open",
      until: clock.now() + 30_000,
      lastError: "still down",
    });
  });

  it("keeps its pause when the machine's clock is set back by a year", async () => {
    const { clock, succeed } = await opened();
    clock.set(clock.now() - 365 * 86_400_000);
    await expect(succeed()).rejects.toBeInstanceOf(CircuitOpen);
    clock.advance(30_000);
    await expect(succeed()).resolves.toBe("fine");
  });

  it("starts counting anew after a success and after an answer that is no outage", async () => {
    for (const answer of [async () => "fine", () => Promise.reject(new Error("404"))]) {
      const { breaker, fail } = makeBreaker();
      await fail();
      await fail();
      await breaker.run<unknown>(answer, never).catch(() => {});
      await fail();
      expect(breaker.snapshot()).toMatchObject({ state: "closed", consecutiveFailures: 1 });
    }
  });

  it("takes a probe that its caller gave up for no proof of recovery", async () => {
    const { breaker, clock } = await opened();
    clock.advance(30_000);
    const abort = new DOMException("gave up", "AbortError");
    await expect(breaker.run(() => Promise.reject(abort), never)).rejects.toBe(abort);
    expect(breaker.snapshot().state).toBe("open");
  });

  it("lets calls that wait for a probe hear their own signal", async () => {
    const { breaker, clock } = await opened();
    clock.advance(30_000);
    const probe = Promise.withResolvers<string>();
    const probing = breaker.run(() => probe.promise, never);
    const controller = new AbortController();
    const waiting = breaker.run(async () => "second", controller.signal);
    controller.abort(new DOMException("enough", "AbortError"));
    await expect(waiting).rejects.toThrow("enough");
    probe.resolve("first");
    await expect(probing).resolves.toBe("first");
  });

  it("tells its listeners of every change until they stop listening", async () => {
    const { breaker, clock, fail, succeed } = makeBreaker();
    const seen: CircuitSnapshot["state"][] = [];
    const stop = breaker.onChange(({ state }) => seen.push(state));
    for (let i = 0; i < 3; i++) await fail();
    clock.advance(30_000);
    await succeed();
    expect(seen).toEqual(["open", "half-open", "closed"]);
    stop();
    for (let i = 0; i < 3; i++) await fail();
    expect(seen).toHaveLength(3);
  });
});
