import { checkConnector } from "../operations/connectors/check-connector.ts";
import { connectorSchedule } from "../operations/connectors/connector-schedule.ts";
import { connectorStatus } from "../operations/connectors/connector-status.ts";
import { createConnector } from "../operations/connectors/create-connector.ts";
import { getConnector } from "../operations/connectors/get-connector.ts";
import { listConnectors } from "../operations/connectors/list-connectors.ts";
import { listItems } from "../operations/connectors/list-items.ts";
import { removeConnector } from "../operations/connectors/remove-connector.ts";
import { replaceConnector } from "../operations/connectors/replace-connector.ts";
import { resetConnector } from "../operations/connectors/reset-connector.ts";
import { cancelRun } from "../operations/runs/cancel-run.ts";
import { getRun } from "../operations/runs/get-run.ts";
import { connectorHistory, listRuns } from "../operations/runs/list-runs.ts";
import { pauseConnector } from "../operations/runs/pause-connector.ts";
import { planRun } from "../operations/runs/plan-run.ts";
import { resumeConnector } from "../operations/runs/resume-connector.ts";
import { triggerRun } from "../operations/runs/trigger-run.ts";
import { routeOf } from "./endpoint.ts";
import type { Route } from "./route.ts";
import { auditLog } from "./routes/audit-log.ts";
import { dropDeadLetter, getDeadLetter, replayDeadLetter } from "./routes/dead-letter.ts";
import { actOnDeadLetters, listDeadLetters } from "./routes/dead-letters.ts";
import { eventTicket } from "./routes/event-ticket.ts";
import { findEntities } from "./routes/find-entities.ts";
import { getEntity } from "./routes/get-entity.ts";
import { getMemory, memoryEntities } from "./routes/get-memory.ts";
import { health, live, ready } from "./routes/health.ts";
import { listAlerts } from "./routes/list-alerts.ts";
import { metrics } from "./routes/metrics.ts";
import { query } from "./routes/query.ts";
import { runEndpoints } from "./run-endpoints.ts";

/** An entity tag, which `If-Match` takes up; connectors of the file have none. */
const entityTag = ({ version }: { version: number | null }): Record<string, string> =>
  version === null ? {} : { etag: `"${version}"` };

/** Every endpoint, in the order of the reference. */
export const routes: readonly Route[] = [
  routeOf(listConnectors, { method: "GET", path: "/connectors" }),
  routeOf(createConnector, {
    method: "POST",
    path: "/connectors",
    status: 201,
    bodyKey: "settings",
    headers: (made) => ({ location: `/connectors/${encodeURIComponent(made.id)}`, ...entityTag(made) }),
  }),
  routeOf(getConnector, { method: "GET", path: "/connectors/{id}", headers: entityTag }),
  routeOf(replaceConnector, {
    method: "PUT",
    path: "/connectors/{id}",
    bodyKey: "settings",
    takesIfMatch: true,
    headers: entityTag,
  }),
  routeOf(removeConnector, {
    method: "DELETE",
    path: "/connectors/{id}",
    spelling: { keepLedger: "keep_ledger" },
    takesIfMatch: true,
  }),
  routeOf(connectorStatus, { method: "GET", path: "/connectors/{id}/status" }),
  routeOf(connectorSchedule, { method: "GET", path: "/connectors/{id}/schedule" }),
  routeOf(listItems, { method: "GET", path: "/connectors/{id}/items" }),
  routeOf(checkConnector, { method: "POST", path: "/connectors/{id}/check" }),
  routeOf(resetConnector, { method: "POST", path: "/connectors/{id}/reset" }),
  routeOf(triggerRun, runEndpoints.trigger),
  routeOf(cancelRun, runEndpoints.cancel),
  routeOf(pauseConnector, runEndpoints.pause),
  routeOf(resumeConnector, runEndpoints.resume),
  routeOf(planRun, { method: "POST", path: "/connectors/{id}/plan" }),
  routeOf(connectorHistory, { method: "GET", path: "/connectors/{id}/history" }),
  routeOf(listRuns, { method: "GET", path: "/runs" }),
  routeOf(getRun, { method: "GET", path: "/runs/{runId}" }),
  listDeadLetters,
  actOnDeadLetters,
  getDeadLetter,
  replayDeadLetter,
  dropDeadLetter,
  query,
  findEntities,
  getEntity,
  getMemory,
  memoryEntities,
  auditLog,
  listAlerts,
  health,
  live,
  ready,
  metrics,
  eventTicket,
];
