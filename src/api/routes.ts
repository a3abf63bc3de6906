import { fileNameOf } from "../documents/media/media-formats.ts";
import { createKey, listKeys, revokeKey, rotateKey } from "../operations/access/api-keys.ts";
import { secretsStatus } from "../operations/access/sealed-secrets.ts";
import { listAlerts } from "../operations/alerts/list-alerts.ts";
import { testChannel } from "../operations/alerts/test-channel.ts";
import { listAuditEntries } from "../operations/audit/list-audit-entries.ts";
import { verifyAuditLog } from "../operations/audit/verify-audit-log.ts";
import { getBackfill } from "../operations/backfill/get-backfill.ts";
import { cancelBackfill, requestBackfill } from "../operations/backfill/request-backfill.ts";
import { exportState } from "../operations/backup/export-state.ts";
import { makeBackup } from "../operations/backup/make-backup.ts";
import { showConfiguration } from "../operations/configuration/show-configuration.ts";
import { checkConnector } from "../operations/connectors/check-connector.ts";
import { connectorSchedule } from "../operations/connectors/connector-schedule.ts";
import { connectorSettingsSchema } from "../operations/connectors/connector-settings-schema.ts";
import { connectorStatus } from "../operations/connectors/connector-status.ts";
import { getConnector } from "../operations/connectors/get-connector.ts";
import { listConnectors } from "../operations/connectors/list-connectors.ts";
import { listItems } from "../operations/connectors/list-items.ts";
import { removeConnector } from "../operations/connectors/remove-connector.ts";
import { resetConnector } from "../operations/connectors/reset-connector.ts";
import { createConnector, replaceConnector } from "../operations/connectors/save-connector.ts";
import { changeDeadLetters } from "../operations/dead-letters/change-dead-letters.ts";
import { countDeadLetters } from "../operations/dead-letters/count-dead-letters.ts";
import { dropDeadLetter, getDeadLetter, replayDeadLetter } from "../operations/dead-letters/dead-letter.ts";
import { listDeadLetters } from "../operations/dead-letters/list-dead-letters.ts";
import { diagnose } from "../operations/doctor/diagnose.ts";
import { listErrors } from "../operations/errors/list-errors.ts";
import { findEntities, getEntity } from "../operations/knowledge/get-entity.ts";
import { exportGraph, graphSummary } from "../operations/knowledge/graph.ts";
import { queryKnowledge } from "../operations/knowledge/query-knowledge.ts";
import { allowMemory, eraseMemory } from "../operations/memories/erase-memory.ts";
import { findMemory, getMemory } from "../operations/memories/get-memory.ts";
import { listMemories } from "../operations/memories/list-memories.ts";
import { memoryChunks } from "../operations/memories/memory-chunks.ts";
import { memoryDocument } from "../operations/memories/memory-document.ts";
import { memoryEntities } from "../operations/memories/memory-entities.ts";
import { memoryHistory } from "../operations/memories/memory-history.ts";
import { memoryMedia } from "../operations/memories/memory-media.ts";
import { places } from "../operations/memories/places.ts";
import { pushMemories, withdrawMemory } from "../operations/memories/push-memories.ts";
import { timeline } from "../operations/memories/timeline.ts";
import { getReconciliation } from "../operations/reconcile/get-reconciliation.ts";
import { requestReconciliation } from "../operations/reconcile/reconcile-connector.ts";
import { cancelRun } from "../operations/runs/cancel-run.ts";
import { pauseConnector, resumeConnector } from "../operations/runs/pause-connector.ts";
import { planRun } from "../operations/runs/plan-run.ts";
import { connectorHistory, getRun, listRuns } from "../operations/runs/run-history.ts";
import { triggerAll } from "../operations/runs/trigger-all.ts";
import { triggerRun } from "../operations/runs/trigger-run.ts";
import { routeOf } from "./endpoint.ts";
import { eventTicket, health, live, metrics, ready, restore } from "./http-only-routes.ts";
import type { Route } from "./route.ts";
import { runEndpoints } from "./run-endpoints.ts";
import { closeSession, getSession, openSession } from "./session-routes.ts";
import { webhook } from "./webhook-route.ts";

/** An entity tag for `If-Match`; connectors of the configuration file have none. */
const entityTag = ({ version }: { version: number | null }): Record<string, string> =>
  version === null ? {} : { etag: `"${version}"` };

/** In the query, as the body is the settings. */
const asDryRun = { query: ["dryRun"], spelling: { dryRun: "dry_run" } } as const;

const inContext = { contextId: "context_id" };

const inDeadLetters = { codes: "code" };
const deadLetterPath = "/connectors/{id}/dead-letters/{contextId}/{memoryId}";

const archiveHeaders = (incomplete: readonly string[]): Record<string, string> =>
  incomplete.length === 0 ? {} : { "archive-incomplete": incomplete.map(encodeURIComponent).join(", ") };

/** Every endpoint, in the order of the reference. */
export const routes: readonly Route[] = [
  routeOf(listConnectors, { method: "GET", path: "/connectors" }),
  routeOf(createConnector, {
    method: "POST",
    path: "/connectors",
    status: 201,
    bodyKey: "settings",
    ...asDryRun,
    headers: (made) => ({ location: `/connectors/${encodeURIComponent(made.id)}`, ...entityTag(made) }),
  }),
  routeOf(getConnector, { method: "GET", path: "/connectors/{id}", headers: entityTag }),
  routeOf(replaceConnector, {
    method: "PUT",
    path: "/connectors/{id}",
    bodyKey: "settings",
    ...asDryRun,
    takesIfMatch: true,
    details: "With `If-Match` it is replaced only if nobody else has changed it.",
    headers: entityTag,
  }),
  routeOf(removeConnector, {
    method: "DELETE",
    path: "/connectors/{id}",
    spelling: { keepLedger: "keep_ledger" },
    details: "`keep_ledger=true` keeps the ledger.",
    takesIfMatch: true,
  }),
  routeOf(connectorStatus, { method: "GET", path: "/connectors/{id}/status" }),
  routeOf(connectorSchedule, { method: "GET", path: "/connectors/{id}/schedule" }),
  routeOf(listItems, { method: "GET", path: "/connectors/{id}/items" }),
  routeOf(checkConnector, { method: "POST", path: "/connectors/{id}/check" }),
  routeOf(resetConnector, { method: "POST", path: "/connectors/{id}/reset" }),
  routeOf(requestReconciliation, runEndpoints.reconcile),
  routeOf(getReconciliation, { method: "GET", path: "/connectors/{id}/reconcile" }),
  routeOf(triggerRun, runEndpoints.trigger),
  routeOf(triggerAll, { method: "POST", path: "/runs", status: 202 }),
  webhook,
  routeOf(cancelRun, runEndpoints.cancel),
  routeOf(requestBackfill, { method: "POST", path: "/connectors/{id}/backfill", status: 202 }),
  routeOf(getBackfill, { method: "GET", path: "/connectors/{id}/backfill" }),
  routeOf(cancelBackfill, { method: "DELETE", path: "/connectors/{id}/backfill" }),
  routeOf(pauseConnector, runEndpoints.pause),
  routeOf(resumeConnector, runEndpoints.resume),
  routeOf(planRun, { method: "POST", path: "/connectors/{id}/plan" }),
  routeOf(connectorHistory, { method: "GET", path: "/connectors/{id}/history" }),
  routeOf(listRuns, { method: "GET", path: "/runs" }),
  routeOf(getRun, { method: "GET", path: "/runs/{runId}" }),
  routeOf(listErrors, { method: "GET", path: "/errors", spelling: inDeadLetters }),
  routeOf(listDeadLetters, { method: "GET", path: "/dead-letters", spelling: inDeadLetters }),
  routeOf(countDeadLetters, { method: "GET", path: "/dead-letters/count" }),
  routeOf(changeDeadLetters, { method: "POST", path: "/dead-letters" }),
  routeOf(listDeadLetters, { method: "GET", path: "/connectors/{id}/dead-letters", spelling: inDeadLetters }),
  routeOf(changeDeadLetters, { method: "POST", path: "/connectors/{id}/dead-letters" }),
  routeOf(getDeadLetter, { method: "GET", path: deadLetterPath }),
  routeOf(replayDeadLetter, { method: "POST", path: `${deadLetterPath}/replay` }),
  routeOf(dropDeadLetter, { method: "POST", path: `${deadLetterPath}/drop` }),
  routeOf(queryKnowledge, { method: "POST", path: "/query" }),
  routeOf(findEntities, { method: "GET", path: "/connectors/{id}/entities" }),
  routeOf(getEntity, { method: "GET", path: "/connectors/{id}/entities/{name}" }),
  routeOf(getMemory, { method: "GET", path: "/connectors/{id}/memories/{contextId}/{memoryId}" }),
  routeOf(memoryEntities, {
    method: "GET",
    path: "/connectors/{id}/memories/{contextId}/{memoryId}/entities",
  }),
  routeOf(memoryDocument, {
    method: "GET",
    path: "/connectors/{id}/memories/{contextId}/{memoryId}/document",
    spelling: { fromSource: "from_source" },
  }),
  routeOf(memoryChunks, {
    method: "GET",
    path: "/connectors/{id}/memories/{contextId}/{memoryId}/chunks",
  }),
  routeOf(memoryHistory, {
    method: "GET",
    path: "/connectors/{id}/memories/{contextId}/{memoryId}/history",
  }),
  routeOf(memoryMedia, {
    method: "GET",
    path: "/connectors/{id}/memories/{contextId}/{memoryId}/media/{kind}",
    withheld: ["force"],
    download: {
      key: "file",
      mediaType: "*/*",
      name: "medium",
      shown: ({ contentType, kind }) => ({
        mediaType: contentType,
        name: fileNameOf(kind, contentType),
      }),
    },
    details: "Answers with the file, in ranges of bytes if they are asked for.",
  }),
  routeOf(eraseMemory, { method: "POST", path: "/connectors/{id}/memories/{contextId}/{memoryId}/erase" }),
  routeOf(allowMemory, {
    method: "POST",
    path: "/connectors/{id}/memories/{contextId}/{memoryId}/allow-again",
  }),
  routeOf(pushMemories, {
    method: "POST",
    path: "/connectors/{id}/memories",
    bodyKey: "items",
    query: ["contextId"],
    spelling: inContext,
    bodyLimit: 8 * 1024 * 1024,
    shared: {
      of: ({ source }) => ({ signing: source.type === "push" ? source.signingSecret : null, url: null }),
      takesUndated: false,
    },
    refused: {
      status: 422,
      when: ({ counts, results }) => counts.invalid === results.length && counts.invalid > 0,
    },
    details:
      "The body is a memory, or a list of them. Instead of a key, the sender signs by `source.signing_secret` of the connector, as Standard " +
      "Webhooks has it. Where nothing was valid, the same answer comes as 422.",
  }),
  routeOf(withdrawMemory, {
    method: "DELETE",
    path: "/connectors/{id}/memories/{memoryId}",
    spelling: inContext,
  }),
  routeOf(listMemories, { method: "GET", path: "/memories", spelling: { radiusKm: "radius_km" } }),
  routeOf(timeline, { method: "GET", path: "/timeline" }),
  routeOf(places, { method: "GET", path: "/places" }),
  routeOf(findMemory, { method: "GET", path: "/memories/{memoryId}" }),
  routeOf(graphSummary, { method: "GET", path: "/graph" }),
  routeOf(exportGraph, { method: "GET", path: "/graph/export" }),
  routeOf(listAuditEntries, { method: "GET", path: "/audit" }),
  routeOf(verifyAuditLog, { method: "GET", path: "/audit/verify" }),
  routeOf(listAlerts, { method: "GET", path: "/alerts" }),
  routeOf(testChannel, { method: "POST", path: "/alerts/channels/{channelId}/test" }),
  routeOf(listKeys, { method: "GET", path: "/keys" }),
  routeOf(createKey, { method: "POST", path: "/keys", status: 201 }),
  routeOf(rotateKey, { method: "POST", path: "/keys/{keyId}/rotate", status: 201 }),
  routeOf(revokeKey, { method: "DELETE", path: "/keys/{keyId}" }),
  routeOf(showConfiguration, { method: "GET", path: "/configuration" }),
  routeOf(connectorSettingsSchema, { method: "GET", path: "/configuration/connector-schema" }),
  routeOf(diagnose, { method: "GET", path: "/doctor" }),
  routeOf(exportState, {
    method: "POST",
    path: "/export",
    withheld: ["force"],
    download: { key: "file", mediaType: "application/gzip", name: "memories.tar.gz" },
    details:
      "Answers with the archive, once it is whole. A header `Archive-Incomplete` names what may be missing, percent-encoded. Keys and secrets are " +
      "in it only `withKeys`.",
    headers: ({ incomplete }) => archiveHeaders(incomplete),
  }),
  restore,
  routeOf(makeBackup, { method: "POST", path: "/backups", status: 201, withheld: ["file", "force"] }),
  routeOf(secretsStatus, { method: "GET", path: "/secrets" }),
  health,
  live,
  ready,
  metrics,
  eventTicket,
  openSession,
  getSession,
  closeSession,
];
