import type { HttpAttempt } from "./attempt-observer.ts";
import type { CircuitSnapshot } from "./circuit-breaker.ts";

/** The two services that the connector stands between. */
export type RemoteService = "memory_api" | "lightrag";

interface OfServer {
  service: RemoteService;
  /** Origin of its URL, without secrets: `https://memories.example`. */
  server: string;
}

/** What the connections below the runs tell the world. Whoever builds a client or a breaker emits these for it. */
export interface ServiceEvents {
  "http:attempt": OfServer & HttpAttempt;
  "circuit:change": OfServer & { snapshot: CircuitSnapshot };
}
