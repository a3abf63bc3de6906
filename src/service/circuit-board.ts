import type { ServiceEvents } from "../observe/service-events.ts";
import type { Listenable } from "../util/event-bus.ts";

type Circuit = ServiceEvents["circuit:change"];

/** The circuits that have changed since the service began, as they are now. One that never changed is closed. */
export class CircuitBoard {
  private readonly circuits = new Map<string, Circuit>();

  constructor(events: Listenable<ServiceEvents>) {
    events.on("circuit:change", (circuit) =>
      this.circuits.set(`${circuit.service} ${circuit.server}`, circuit),
    );
  }

  list(): Circuit[] {
    return [...this.circuits.values()];
  }
}
