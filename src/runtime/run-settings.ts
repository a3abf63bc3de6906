import type { ConnectorConfig, LightRagConfig } from "../config/config.ts";
import { embeddedPace } from "../sinks/lightrag/embedded/folder-pace.ts";
import { serverPace } from "../sinks/lightrag/server/options.ts";
import { runPace, type SinkPace, type SyncSettings } from "../sync/sync-settings.ts";

/** The run settings of a connector, from its configuration. */
export function runSettings(connector: ConnectorConfig): SyncSettings {
  const { ingestion, lightrag } = connector;
  const { initialBackoffMs, ...pace } = runPace;
  return {
    ...sinkPace(lightrag),
    ...pace,
    connectorId: connector.id,
    contextIds: connector.contextIds,
    queryRange: ingestion.queryRange,
    fullLookMs: ingestion.fullLookMs,
    queryLimit: ingestion.queryLimit,
    concurrency: ingestion.batchSize,
    maxInFlight: lightrag.mode === "api" ? lightrag.api.maxInFlight : lightrag.direct.maxInFlight,
    retry: { ...connector.retry, initialBackoffMs },
    maxResendPercent: ingestion.maxResendPercent,
    deletions: connector.deletions,
    budget: connector.budget,
    backfillPerRun: ingestion.backfillPerRun,
    timezone: connector.timezone,
    runTimeoutMs: connector.runTimeoutMs,
  };
}

function sinkPace(lightrag: LightRagConfig): SinkPace {
  if (lightrag.mode === "direct") return embeddedPace;
  const { stuckAfterMs, pollIntervalMs } = lightrag.api;
  return { ...serverPace, stuckAfterMs, slowestLookMs: pollIntervalMs };
}
