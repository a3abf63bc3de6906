import * as z from "zod";
import type { HealthReport } from "../../observe/health.ts";
import { route } from "../route.ts";

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
