import type { CircuitSnapshot } from "../http/circuit-breaker.ts";
import type { GaugeSource, Metrics } from "./metrics.ts";
import type { RemoteService } from "./service-events.ts";

/** How the circuit before a server is. */
export interface Circuit {
  service: RemoteService;
  /** Origin of its URL, without secrets. */
  server: string;
  snapshot: CircuitSnapshot;
}

const fromBestToWorst = ["closed", "half-open", "open"] as const;

/** One for each server: clients with different settings have a circuit each, and the worst of them is what a person should know. */
export function worstOfEachServer(circuits: readonly Circuit[]): Circuit[] {
  const worst = new Map<string, Circuit>();
  for (const circuit of circuits) {
    const key = `${circuit.service} ${circuit.server}`;
    const other = worst.get(key);
    if (other === undefined || rankOf(circuit) > rankOf(other)) worst.set(key, circuit);
  }
  return [...worst.values()];
}

/** Shows, at each scrape, the state that holds as 1 and the others as 0. */
export function circuitGauges(metrics: Metrics, circuits: () => readonly Circuit[]): GaugeSource {
  return {
    async refresh() {
      metrics.circuitState.reset();
      for (const { service, server, snapshot } of circuits()) {
        for (const state of fromBestToWorst)
          metrics.circuitState.set({ service, server, state }, state === snapshot.state ? 1 : 0);
      }
    },
  };
}

function rankOf({ snapshot }: Circuit): number {
  return fromBestToWorst.indexOf(snapshot.state);
}
