import type { SyncSettings } from "../../../src/sync/sync-settings.ts";
import { testSettings } from "../sync-harness.ts";

/** A connector that waits as little as it can, and lets deletions at the source reach LightRAG. */
export const weekSettings: SyncSettings = {
  ...testSettings,
  queryRange: "all",
  retry: { maxAttempts: 3, initialBackoffMs: 5, backoffMultiplier: 2, maxBackoffMs: 50 },
  deletions: { ...testSettings.deletions, policy: "propagate", graceListings: 2, maxPercent: 10 },
  graceMs: 1_000,
  stuckAfterMs: 3_000,
  quietMs: 300,
  runTimeoutMs: 20_000,
};
