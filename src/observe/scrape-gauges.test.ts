import { expect, test } from "vitest";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import type { Circuit } from "../kernel/http/circuits.ts";
import { Metrics } from "./metrics.ts";
import { circuitGauges } from "./scrape-gauges.ts";

const server = "http://127.0.0.1:1";

function circuit(service: Circuit["service"], state: CircuitSnapshot["state"]): Circuit {
  const snapshot = { state, since: 0, until: null, consecutiveFailures: 0, lastError: null };
  return { end: "source", service, server, snapshot };
}

async function shown(metrics: Metrics): Promise<string[]> {
  const lines = (await metrics.scrape()).split("\n");
  return lines.filter((line) => /^memory_connector_circuit_state\{.*\} 1$/u.test(line));
}

test("exactly one state of a circuit holds, and a server that nobody names any more is not shown", async () => {
  const metrics = new Metrics();
  let circuits = [circuit("memory_api", "closed"), circuit("lightrag", "open")];
  metrics.addSource(circuitGauges(metrics, () => circuits));
  expect(await shown(metrics)).toEqual([
    `memory_connector_circuit_state{service="memory_api",server="${server}",state="closed"} 1`,
    `memory_connector_circuit_state{service="lightrag",server="${server}",state="open"} 1`,
  ]);
  circuits = [circuit("lightrag", "half-open")];
  expect(await shown(metrics)).toEqual([
    `memory_connector_circuit_state{service="lightrag",server="${server}",state="half-open"} 1`,
  ]);
});
