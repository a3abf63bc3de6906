import type { HttpAttempt } from "./attempt-observer.ts";
import type { CircuitSnapshot } from "./circuit-breaker.ts";

/** A service that the connector works with. */
export interface RemoteService {
  /** Which end of the connector it is. */
  end: "source" | "sink";
  /** The kind of service, as labels of metrics and names of health checks have it: `lightrag`. */
  service: string;
}

interface OfServer extends RemoteService {
  /** Origin of its URL, without secrets: `https://memories.example`. */
  server: string;
}

/** Events of the connections to both services. Whoever builds a client or a circuit breaker emits them. */
export interface ServiceEvents {
  "http:attempt": OfServer & HttpAttempt;
  "circuit:change": OfServer & { snapshot: CircuitSnapshot };
}
