import { expect, test } from "vitest";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import type { Circuit } from "../kernel/http/circuits.ts";
import { Metrics } from "./metrics.ts";
import { circuitGauges, sharingGauges } from "./scrape-gauges.ts";

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

test("what all services on a state do is shown as the state has it", async () => {
  const metrics = new Metrics();
  const counts = async () => ({ queued: 3, active: 2, leased: 4 });
  metrics.addSource(sharingGauges({ metrics, shared: { counts }, schedulers: async () => ["one", "other"] }));
  const lines = (await metrics.scrape()).split("\n");
  for (const line of [
    'shared_runs{status="queued"} 3',
    'shared_runs{status="active"} 2',
    "leases 4",
    "services 2",
  ])
    expect(lines).toContain(`memory_connector_${line}`);
});
