import { systemClock } from "../kernel/util/clock.ts";
import type { Service } from "../runtime/service/service.ts";
import { Tickets } from "./access/tickets.ts";
import type { ApiParts } from "./api-parts.ts";

/** What the API sees of a service. */
export function apiPartsOf(service: Service): ApiParts {
  const { app, observation } = service;
  return {
    app,
    service,
    health: () => service.health(),
    isReady: () => !service.isStopping,
    metrics: observation.metrics,
    tickets: new Tickets(systemClock),
    clock: systemClock,
  };
}
