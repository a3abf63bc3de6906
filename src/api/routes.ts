import type { Route } from "./route.ts";
import { auditLog } from "./routes/audit-log.ts";
import { cancelRun } from "./routes/cancel-run.ts";
import { checkConnector } from "./routes/check-connector.ts";
import { connectorItems } from "./routes/connector-items.ts";
import { connectorSchedule } from "./routes/connector-schedule.ts";
import { connectorStatus } from "./routes/connector-status.ts";
import { createConnector } from "./routes/create-connector.ts";
import { dropDeadLetter, getDeadLetter, replayDeadLetter } from "./routes/dead-letter.ts";
import { actOnDeadLetters, listDeadLetters } from "./routes/dead-letters.ts";
import { deleteConnector } from "./routes/delete-connector.ts";
import { eventTicket } from "./routes/event-ticket.ts";
import { findEntities } from "./routes/find-entities.ts";
import { getConnector } from "./routes/get-connector.ts";
import { getEntity } from "./routes/get-entity.ts";
import { getMemory, memoryEntities } from "./routes/get-memory.ts";
import { getRun } from "./routes/get-run.ts";
import { health, live, ready } from "./routes/health.ts";
import { listAlerts } from "./routes/list-alerts.ts";
import { listConnectors } from "./routes/list-connectors.ts";
import { connectorHistory, listRuns } from "./routes/list-runs.ts";
import { metrics } from "./routes/metrics.ts";
import { pauseConnector } from "./routes/pause-connector.ts";
import { planRun } from "./routes/plan-run.ts";
import { query } from "./routes/query.ts";
import { replaceConnector } from "./routes/replace-connector.ts";
import { resetConnector } from "./routes/reset-connector.ts";
import { resumeConnector } from "./routes/resume-connector.ts";
import { triggerRun } from "./routes/trigger-run.ts";

/** Every endpoint, in the order of the reference. */
export const routes: readonly Route[] = [
  listConnectors,
  createConnector,
  getConnector,
  replaceConnector,
  deleteConnector,
  connectorStatus,
  connectorSchedule,
  connectorItems,
  checkConnector,
  resetConnector,
  triggerRun,
  cancelRun,
  pauseConnector,
  resumeConnector,
  planRun,
  connectorHistory,
  listRuns,
  getRun,
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
