import * as z from "zod";
import { instantSchema, isoInstant } from "../../operations/runs/run-json.ts";
import { ticketMs } from "../access/tickets.ts";
import { route } from "../route.ts";

export const eventTicket = route({
  method: "POST",
  path: "/events/tickets",
  access: "viewer",
  tag: "Service",
  summary: "Get a ticket with which a browser opens the stream of events",
  details:
    "`EventSource` and `WebSocket` of browsers send no headers: open `/events?ticket=…` instead. A ticket opens one connection, within 30 " +
    "seconds, with the rights of the key that it was asked for with.",
  status: 201,
  answer: z.strictObject({ ticket: z.string(), expiresAt: instantSchema }),
  errors: [],
  handle: async ({ key }, { tickets, clock }) => ({
    body: { ticket: tickets.issue(key ?? ""), expiresAt: isoInstant(clock.now() + ticketMs) },
  }),
});
