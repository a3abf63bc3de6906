import { expect, test } from "vitest";
import type { CircuitSnapshot } from "./circuit-breaker.ts";
import { type Circuit, worstOfEachServer } from "./circuits.ts";

const server = "http://127.0.0.1:1";

function circuit(service: Circuit["service"], state: CircuitSnapshot["state"]): Circuit {
  const snapshot = { state, since: 0, until: null, consecutiveFailures: 0, lastError: null };
  return { end: "source", service, server, snapshot };
}

test("of several circuits before one server the worst is told", () => {
  const open = circuit("lightrag", "open");
  const closed = circuit("lightrag", "closed");
  const source = circuit("memory_api", "closed");
  expect(worstOfEachServer([closed, source, open, closed])).toEqual([open, source]);
});
