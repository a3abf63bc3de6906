import type { CircuitSnapshot } from "./circuit-breaker.ts";
import type { RemoteService } from "./service-events.ts";

/** The state of the circuit to one server. */
export interface Circuit extends RemoteService {
  /** Origin of its URL, without secrets. */
  server: string;
  snapshot: CircuitSnapshot;
}

/** From best to worst. */
export const circuitStates = ["closed", "half-open", "open"] as const;

/** One circuit per server: clients with different settings have a circuit each, and the worst of them is the one to show. */
export function worstOfEachServer(circuits: readonly Circuit[]): Circuit[] {
  const worst = new Map<string, Circuit>();
  for (const circuit of circuits) {
    const key = `${circuit.service} ${circuit.server}`;
    const other = worst.get(key);
    if (other === undefined || rankOf(circuit) > rankOf(other)) worst.set(key, circuit);
  }
  return [...worst.values()];
}

function rankOf({ snapshot }: Circuit): number {
  return circuitStates.indexOf(snapshot.state);
}
