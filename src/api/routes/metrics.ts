import * as z from "zod";
import { route } from "../route.ts";

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
