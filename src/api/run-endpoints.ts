import type * as z from "zod";
import type { requestReconciliation } from "../operations/reconcile/reconcile-connector.ts";
import type { triggerRun } from "../operations/runs/trigger-run.ts";
import type { Endpoint } from "./route.ts";

/** Endpoints that make a running service act now; commands call them, too. */
export const runEndpoints = {
  trigger: {
    method: "POST",
    path: "/connectors/{id}/trigger",
    query: ["force"],
    status: 202,
    headers: ({ runId }: z.output<typeof triggerRun.output>) => ({ location: `/runs/${runId}` }),
  },
  reconcile: {
    method: "POST",
    path: "/connectors/{id}/reconcile",
    status: 202,
    headers: ({ connectorId }: z.output<typeof requestReconciliation.output>) => ({
      location: `/connectors/${encodeURIComponent(connectorId)}/reconcile`,
    }),
  },
  cancel: { method: "POST", path: "/connectors/{id}/cancel", status: 202 },
  pause: { method: "POST", path: "/connectors/{id}/pause" },
  resume: { method: "POST", path: "/connectors/{id}/resume" },
} as const satisfies Readonly<Record<string, Endpoint>>;
