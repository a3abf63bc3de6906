import * as z from "zod";
import type { HealthReport } from "../observe/health.ts";
import { whileServing } from "../operations/backup/restore-state.ts";
import { instantSchema, isoInstant } from "../operations/runs/run-json.ts";
import { ticketMs } from "./access/tickets.ts";
import { route } from "./route.ts";

const part = z.strictObject({ status: z.enum(["ok", "degraded", "down"]), message: z.string() });
const report = z
  .strictObject({
    status: z.enum(["ok", "degraded", "down"]),
    version: z.string(),
    uptime_seconds: z.int(),
    active_jobs: z.int(),
    last_error: z.strictObject({ code: z.string(), at: z.string() }).nullable(),
    details: z
      .strictObject({
        parts: z.record(z.string(), part),
        last_error: z
          .strictObject({
            at: z.number(),
            code: z.string(),
            message: z.string(),
            connectorId: z.string().nullable(),
          })
          .nullable(),
      })
      .optional()
      .describe("only with a key"),
  })
  .meta({ id: "Health" });

export const health = route({
  method: "GET",
  path: "/health",
  access: "open",
  tag: "Service",
  summary: "Say how the service is; with a key, each part",
  status: 200,
  answer: report,
  otherAnswers: { 503: report },
  errors: [],
  handle: async ({ hasKey }, parts) => {
    const { details, ...short } = await parts.health();
    const body: Omit<HealthReport, "details"> & { details?: HealthReport["details"] } = hasKey
      ? { ...short, details }
      : short;
    return { body, status: short.status === "down" ? 503 : 200 };
  },
});

const probe = z.strictObject({ status: z.enum(["ok", "down"]) });
const up = { status: "ok" } as const;
const down = { status: "down" } as const;

export const live = route({
  method: "GET",
  path: "/health/live",
  access: "open",
  tag: "Service",
  summary: "Say that the process answers",
  status: 200,
  answer: probe,
  errors: [],
  handle: async () => ({ body: up }),
});

export const ready = route({
  method: "GET",
  path: "/health/ready",
  access: "open",
  tag: "Service",
  summary: "Say whether the service takes work: not while it stops, nor without its state store",
  status: 200,
  answer: probe,
  otherAnswers: { 503: probe },
  errors: [],
  handle: async (_, parts) => {
    const isReady = parts.isReady() && (await parts.health()).status !== "down";
    return isReady ? { body: up } : { body: down, status: 503 };
  },
});

export const metrics = route({
  method: "GET",
  path: "/metrics",
  access: "viewer",
  tag: "Service",
  summary: "Give all metrics in Prometheus' text format",
  status: 200,
  answer: z.string(),
  mediaType: "text/plain",
  errors: [],
  handle: async (_, parts) => ({
    body: await parts.metrics.scrape(),
    headers: { "content-type": parts.metrics.contentType },
  }),
});

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
  handle: async ({ credential }, { tickets, clock }) => ({
    body: {
      // Without keys any ticket does.
      ticket: tickets.issue(credential ?? { kind: "key", secret: "" }),
      expiresAt: isoInstant(clock.now() + ticketMs),
    },
  }),
});

/**
 * Restoring needs a state that no process has open; see `state.restore`. This route exists to tell callers which command to run.
 */
export const restore = route({
  method: "POST",
  path: "/restore",
  access: "admin",
  tag: "Service",
  summary: "Say how an archive is restored: not through a running service",
  details:
    "Always answers 409 `RESTORE_WHILE_SERVING`; `hint` has the commands. What is sent along is not read.",
  status: 200,
  answer: z.never(),
  errors: ["RESTORE_WHILE_SERVING"],
  refusal: whileServing,
  handle: async () => {
    throw whileServing();
  },
});
