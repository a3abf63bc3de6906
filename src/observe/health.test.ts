import { describe, expect, test } from "vitest";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import { composeHealth, type HealthParts } from "./health.ts";
import { probeState } from "./state-probe.ts";

const at = Date.UTC(2026, 0, 31, 8);
const closed: CircuitSnapshot = {
  state: "closed",
  since: at,
  until: null,
  consecutiveFailures: 0,
  lastError: null,
};
const open: CircuitSnapshot = {
  ...closed,
  state: "open",
  until: at,
  consecutiveFailures: 5,
  lastError: "refused",
};

const wellParts: HealthParts = {
  version: "1.2.3",
  uptimeMs: 61_999,
  activeJobs: 2,
  stateProblem: null,
  schedulerAlive: true,
  circuits: [{ end: "source", service: "memory_api", server: "http://127.0.0.1:1", snapshot: closed }],
  reloadProblem: null,
  lastError: null,
};

function circuits(snapshot: CircuitSnapshot): HealthParts["circuits"] {
  return [{ end: "sink", service: "lightrag", server: "http://127.0.0.1:2", snapshot }];
}

describe("composeHealth", () => {
  test("says ok, version, uptime and runs under way", () => {
    expect(composeHealth(wellParts)).toMatchObject({
      status: "ok",
      version: "1.2.3",
      uptime_seconds: 61,
      active_jobs: 2,
      last_error: null,
    });
  });

  test.each<[string, Partial<HealthParts>, string]>([
    [
      "a state store that does not answer",
      { stateProblem: { status: "down", message: "no answer" } },
      "down",
    ],
    ["a scheduler that is stuck", { schedulerAlive: false }, "down"],
    ["a scheduler elsewhere", { schedulerAlive: null }, "ok"],
    ["an open circuit", { circuits: circuits(open) }, "degraded"],
    [
      "a circuit that tries again",
      { circuits: circuits({ ...open, state: "half-open", until: null }) },
      "degraded",
    ],
    ["a refused configuration", { reloadProblem: "no such key" }, "degraded"],
    ["an error that has passed", { lastError: { at, code: "X", message: "m", connectorId: null } }, "ok"],
    [
      "the worst of several",
      { reloadProblem: "x", stateProblem: { status: "down", message: "y" }, circuits: circuits(open) },
      "down",
    ],
  ])("judges %s", (_, given, status) => {
    expect(composeHealth({ ...wellParts, ...given }).status).toBe(status);
  });

  test("keeps the message of the last error for those who have a key", () => {
    const lastError = {
      at,
      code: "SOURCE_TIMEOUT",
      message: "http://inside:1 is silent",
      connectorId: "personal",
    };
    const { details, ...open } = composeHealth({ ...wellParts, lastError });
    expect(open.last_error).toEqual({ code: "SOURCE_TIMEOUT", at: "2026-01-31T08:00:00.000Z" });
    expect(JSON.stringify(open)).not.toContain("inside");
    expect(details.last_error).toEqual(lastError);
  });

  test("says of an open circuit whose it is, until when and why", () => {
    const { details } = composeHealth({ ...wellParts, circuits: circuits(open) });
    const { message } = details.parts["lightrag http://127.0.0.1:2"] ?? {};
    expect(message).toMatch(/next try 2026-01-31T08:00:00.000Z; last: refused$/);
  });
});

describe("probeState", () => {
  const page = { runs: [], next: null };

  test("finds nothing wrong with a store that answers", async () => {
    expect(
      await probeState({ listRuns: async () => page, condition: async () => null }, new SteppedClock()),
    ).toBeNull();
  });

  test("names what a store throws", async () => {
    const listRuns = async () => {
      throw new ConnectorError("STATE_READ_FAILED", "the disk is gone");
    };
    expect(await probeState({ listRuns, condition: async () => null }, new SteppedClock())).toMatchObject({
      status: "down",
      message: expect.stringContaining("STATE_READ_FAILED: the disk is gone"),
    });
  });

  test("does not wait for a store that hangs", async () => {
    const clock = new SteppedClock();
    const probe = probeState(
      { listRuns: () => new Promise(() => undefined), condition: async () => null },
      clock,
    );
    await clock.advance(2000);
    expect(await probe).toEqual({ status: "down", message: "does not answer within 2000 ms" });
  });
});
