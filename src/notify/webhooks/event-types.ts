/** What webhooks may ask for. The names are a public interface: none is renamed. docs/alerts.md says what each carries. */
export const webhookEventTypes = [
  "memory.ingested",
  "memory.failed",
  "memory.dead",
  "memory.deleted",
  "job.started",
  "job.completed",
  "job.failed",
  "job.cancelled",
  "job.held",
  "connector.changed",
  "alert.firing",
  "alert.resolved",
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];
