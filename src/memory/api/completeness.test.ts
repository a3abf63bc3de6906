import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, type ListingLimits, type Probe, type ServerCap } from "./truncation.ts";

const limits = (serverCap: ServerCap = "unknown", maxLimit = 10_000): ListingLimits => ({
  maxLimit,
  serverCap,
});
const probe = (limit: number, received: number, declared: number | null = null): Probe => ({
  limit,
  received,
  declared,
});

describe("a listing", () => {
  it("is complete when fewer came than asked for", () => {
    expect(judge(probe(100, 42), null, limits())).toEqual({ kind: "complete" });
    expect(judge(probe(100, 0, 0), null, limits())).toEqual({ kind: "complete" });
  });

  it("is asked for again with ten times the limit when it is full, up to the ceiling", () => {
    expect(judge(probe(150, 150), null, limits())).toEqual({ kind: "ask-larger", limit: 1_500 });
    expect(judge(probe(2_000, 2_000), probe(200, 200), limits())).toEqual({
      kind: "ask-larger",
      limit: 10_000,
    });
    expect(judge(probe(10, 10), null, limits(50))).toEqual({ kind: "ask-larger", limit: 50 });
  });

  it("is truncated when it is full at the ceiling", () => {
    const verdict = judge(probe(10_000, 10_000), probe(1_000, 1_000), limits());
    expect(verdict).toMatchObject({ kind: "truncated", reason: expect.stringContaining("raise max_limit") });
  });

  it("is truncated when the server's stated cap is reached, and complete below it", () => {
    expect(judge(probe(1_000, 250), null, limits(250))).toMatchObject({
      kind: "truncated",
      reason: expect.stringContaining("server_cap: 250"),
    });
    expect(judge(probe(1_000, 100), null, limits(250))).toEqual({ kind: "complete" });
  });

  it.each([100, 500, 1_000])(
    "of exactly %i below its limit is doubtful: servers have that cap",
    (received) => {
      expect(judge(probe(5_000, received), null, limits())).toMatchObject({
        kind: "doubtful",
        reason: expect.stringContaining(`set server_cap to ${received}`),
      });
    },
  );

  it("that did not grow with the limit is doubtful, whatever its size", () => {
    expect(judge(probe(700, 70), probe(70, 70), limits()).kind).toBe("doubtful");
  });

  it("is truncated when the server counts more than it shows", () => {
    expect(judge(probe(100, 42, 43), null, limits())).toMatchObject({
      kind: "truncated",
      reason: expect.stringContaining("counts 43 memories and shows 42"),
    });
  });

  it("below its limit is complete, beyond doubt and count, when the server is said to have no cap", () => {
    expect(judge(probe(5_000, 500, 900), null, limits("none"))).toEqual({ kind: "complete" });
    expect(judge(probe(500, 500), null, limits("none")).kind).toBe("ask-larger");
  });

  it("is never called complete when it is full", () => {
    const caps = fc.oneof(
      fc.constant("unknown" as const),
      fc.constant("none" as const),
      fc.integer({ min: 1, max: 2_000 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat(500), caps, (limit, excess, cap) => {
        expect(judge(probe(limit, limit + excess), null, limits(cap)).kind).not.toBe("complete");
      }),
    );
  });
});
