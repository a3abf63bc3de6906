import type { CircuitSnapshot } from "./circuit-breaker.ts";
import type { RemoteService } from "./service-events.ts";

/** How the circuit before a server is. */
export interface Circuit extends RemoteService {
  /** Origin of its URL, without secrets. */
  server: string;
  snapshot: CircuitSnapshot;
}

/** From the best to the worst. */
export const circuitStates = ["closed", "half-open", "open"] as const;

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

function rankOf({ snapshot }: Circuit): number {
  return circuitStates.indexOf(snapshot.state);
}
