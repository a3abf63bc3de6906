import type { createKey, listKeys, revokeKey, rotateKey } from "../../src/operations/access/api-keys.ts";
import type { listAlerts } from "../../src/operations/alerts/list-alerts.ts";
import type { testChannel } from "../../src/operations/alerts/test-channel.ts";
import type { listAuditEntries } from "../../src/operations/audit/list-audit-entries.ts";
import type { verifyAuditLog } from "../../src/operations/audit/verify-audit-log.ts";
import type { getBackfill } from "../../src/operations/backfill/get-backfill.ts";
import type { cancelBackfill, requestBackfill } from "../../src/operations/backfill/request-backfill.ts";
import type { showConfiguration } from "../../src/operations/configuration/show-configuration.ts";
import type { checkConnector } from "../../src/operations/connectors/check-connector.ts";
import type { connectorSchedule } from "../../src/operations/connectors/connector-schedule.ts";
import type { connectorSettingsSchema } from "../../src/operations/connectors/connector-settings-schema.ts";
import type { connectorStatus } from "../../src/operations/connectors/connector-status.ts";
import type { getConnector } from "../../src/operations/connectors/get-connector.ts";
import type { listConnectors } from "../../src/operations/connectors/list-connectors.ts";
import type { listItems } from "../../src/operations/connectors/list-items.ts";
import type { createConnector, replaceConnector } from "../../src/operations/connectors/save-connector.ts";
import type { changeDeadLetters } from "../../src/operations/dead-letters/change-dead-letters.ts";
import type { countDeadLetters } from "../../src/operations/dead-letters/count-dead-letters.ts";
import type { dropDeadLetter, replayDeadLetter } from "../../src/operations/dead-letters/dead-letter.ts";
import type { diagnose } from "../../src/operations/doctor/diagnose.ts";
import type { listErrors } from "../../src/operations/errors/list-errors.ts";
import type { findEntities, getEntity } from "../../src/operations/knowledge/get-entity.ts";
import type { queryKnowledge } from "../../src/operations/knowledge/query-knowledge.ts";
import type { eraseMemory } from "../../src/operations/memories/erase-memory.ts";
import type { findMemory, getMemory } from "../../src/operations/memories/get-memory.ts";
import type { listMemories } from "../../src/operations/memories/list-memories.ts";
import type { memoryChunks } from "../../src/operations/memories/memory-chunks.ts";
import type { memoryDocument } from "../../src/operations/memories/memory-document.ts";
import type { memoryEntities } from "../../src/operations/memories/memory-entities.ts";
import type { memoryHistory } from "../../src/operations/memories/memory-history.ts";
import type { memoryMedia } from "../../src/operations/memories/memory-media.ts";
import type { places } from "../../src/operations/memories/places.ts";
import type { timeline } from "../../src/operations/memories/timeline.ts";
import type { getReconciliation } from "../../src/operations/reconcile/get-reconciliation.ts";
import type { requestReconciliation } from "../../src/operations/reconcile/reconcile-connector.ts";
import type { cancelRun } from "../../src/operations/runs/cancel-run.ts";
import type { pauseConnector, resumeConnector } from "../../src/operations/runs/pause-connector.ts";
import type { planRun } from "../../src/operations/runs/plan-run.ts";
import type { connectorHistory, getRun, listRuns } from "../../src/operations/runs/run-history.ts";
import type { triggerAll } from "../../src/operations/runs/trigger-all.ts";
import type { triggerRun } from "../../src/operations/runs/trigger-run.ts";
import { endpoint } from "./endpoint.ts";

const admin = { access: "admin" } as const;

const ofSettings = {
  ...admin,
  bodyKey: "settings",
  query: ["dryRun"],
  spelling: { dryRun: "dry_run" },
} as const;

/** What the page asks for. A test holds each against the routes of the API. */
export const api = {
  listConnectors: endpoint<typeof listConnectors>("GET /connectors"),
  createConnector: endpoint<typeof createConnector>("POST /connectors", ofSettings),
  replaceConnector: endpoint<typeof replaceConnector>("PUT /connectors/{id}", ofSettings),
  checkConnector: endpoint<typeof checkConnector>("POST /connectors/{id}/check", admin),
  listItems: endpoint<typeof listItems>("GET /connectors/{id}/items"),
  listAuditEntries: endpoint<typeof listAuditEntries>("GET /audit", admin),
  getConnector: endpoint<typeof getConnector>("GET /connectors/{id}"),
  connectorSchema: endpoint<typeof connectorSettingsSchema>("GET /configuration/connector-schema"),
  connectorStatus: endpoint<typeof connectorStatus>("GET /connectors/{id}/status"),
  connectorSchedule: endpoint<typeof connectorSchedule>("GET /connectors/{id}/schedule"),
  connectorHistory: endpoint<typeof connectorHistory>("GET /connectors/{id}/history"),
  triggerRun: endpoint<typeof triggerRun>("POST /connectors/{id}/trigger", { ...admin, query: ["force"] }),
  cancelRun: endpoint<typeof cancelRun>("POST /connectors/{id}/cancel", admin),
  pauseConnector: endpoint<typeof pauseConnector>("POST /connectors/{id}/pause", admin),
  resumeConnector: endpoint<typeof resumeConnector>("POST /connectors/{id}/resume", admin),
  triggerAll: endpoint<typeof triggerAll>("POST /runs", admin),
  planRun: endpoint<typeof planRun>("POST /connectors/{id}/plan", admin),
  requestBackfill: endpoint<typeof requestBackfill>("POST /connectors/{id}/backfill", admin),
  getBackfill: endpoint<typeof getBackfill>("GET /connectors/{id}/backfill"),
  cancelBackfill: endpoint<typeof cancelBackfill>("DELETE /connectors/{id}/backfill", admin),
  requestReconciliation: endpoint<typeof requestReconciliation>("POST /connectors/{id}/reconcile", admin),
  getReconciliation: endpoint<typeof getReconciliation>("GET /connectors/{id}/reconcile"),
  listRuns: endpoint<typeof listRuns>("GET /runs"),
  getRun: endpoint<typeof getRun>("GET /runs/{runId}"),
  listErrors: endpoint<typeof listErrors>("GET /errors", { spelling: { codes: "code" } }),
  countDeadLetters: endpoint<typeof countDeadLetters>("GET /dead-letters/count"),
  changeDeadLetters: endpoint<typeof changeDeadLetters>("POST /dead-letters", admin),
  replayDeadLetter: endpoint<typeof replayDeadLetter>(
    "POST /connectors/{id}/dead-letters/{contextId}/{memoryId}/replay",
    admin,
  ),
  dropDeadLetter: endpoint<typeof dropDeadLetter>(
    "POST /connectors/{id}/dead-letters/{contextId}/{memoryId}/drop",
    admin,
  ),
  listMemories: endpoint<typeof listMemories>("GET /memories", { spelling: { radiusKm: "radius_km" } }),
  findMemory: endpoint<typeof findMemory>("GET /memories/{memoryId}"),
  getMemory: endpoint<typeof getMemory>("GET /connectors/{id}/memories/{contextId}/{memoryId}"),
  memoryEntities: endpoint<typeof memoryEntities>(
    "GET /connectors/{id}/memories/{contextId}/{memoryId}/entities",
  ),
  memoryDocument: endpoint<typeof memoryDocument>(
    "GET /connectors/{id}/memories/{contextId}/{memoryId}/document",
    { spelling: { fromSource: "from_source" } },
  ),
  memoryChunks: endpoint<typeof memoryChunks>("GET /connectors/{id}/memories/{contextId}/{memoryId}/chunks"),
  memoryHistory: endpoint<typeof memoryHistory>(
    "GET /connectors/{id}/memories/{contextId}/{memoryId}/history",
  ),
  memoryMedia: endpoint<typeof memoryMedia>(
    "GET /connectors/{id}/memories/{contextId}/{memoryId}/media/{kind}",
  ),
  eraseMemory: endpoint<typeof eraseMemory>(
    "POST /connectors/{id}/memories/{contextId}/{memoryId}/erase",
    admin,
  ),
  timeline: endpoint<typeof timeline>("GET /timeline"),
  places: endpoint<typeof places>("GET /places"),
  queryKnowledge: endpoint<typeof queryKnowledge>("POST /query"),
  findEntities: endpoint<typeof findEntities>("GET /connectors/{id}/entities"),
  getEntity: endpoint<typeof getEntity>("GET /connectors/{id}/entities/{name}"),
  listAlerts: endpoint<typeof listAlerts>("GET /alerts"),
  testChannel: endpoint<typeof testChannel>("POST /alerts/channels/{channelId}/test", admin),
  verifyAuditLog: endpoint<typeof verifyAuditLog>("GET /audit/verify", admin),
  listKeys: endpoint<typeof listKeys>("GET /keys", admin),
  createKey: endpoint<typeof createKey>("POST /keys", admin),
  rotateKey: endpoint<typeof rotateKey>("POST /keys/{keyId}/rotate", admin),
  revokeKey: endpoint<typeof revokeKey>("DELETE /keys/{keyId}", admin),
  diagnose: endpoint<typeof diagnose>("GET /doctor", admin),
  showConfiguration: endpoint<typeof showConfiguration>("GET /configuration", admin),
};
