import type { Emitter } from "../util/event-bus.ts";
import type { AttemptObserver, HttpAttempt } from "./attempt-observer.ts";
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

/** An observer that emits every attempt of a client as an event. */
export function attemptEmitter(
  events: Emitter<ServiceEvents>,
  service: RemoteService,
  url: string,
): AttemptObserver {
  const server = new URL(url).origin;
  return (attempt) => events.emit("http:attempt", { ...service, server, ...attempt });
}

/** A listener that emits every change of a circuit as an event. */
export function circuitEmitter(
  events: Emitter<ServiceEvents>,
  service: RemoteService,
  url: string,
): (snapshot: CircuitSnapshot) => void {
  const server = new URL(url).origin;
  return (snapshot) => events.emit("circuit:change", { ...service, server, snapshot });
}
