import type { AttemptObserver } from "../kernel/http/attempt-observer.ts";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import type { RemoteService, ServiceEvents } from "../kernel/http/service-events.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";

/** An observer that emits every attempt of a client as an event. */
export function attemptTeller(
  events: Emitter<ServiceEvents>,
  service: RemoteService,
  url: string,
): AttemptObserver {
  const server = new URL(url).origin;
  return (attempt) => events.emit("http:attempt", { ...service, server, ...attempt });
}

/** A listener that emits every change of a circuit as an event. */
export function tellCircuit(
  events: Emitter<ServiceEvents>,
  service: RemoteService,
  url: string,
): (snapshot: CircuitSnapshot) => void {
  const server = new URL(url).origin;
  return (snapshot) => events.emit("circuit:change", { ...service, server, snapshot });
}
