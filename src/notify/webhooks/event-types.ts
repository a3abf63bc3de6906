/**
 * The event types that webhooks can subscribe to. The names are public and never renamed. docs/alerts.md describes the contents.
 */
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
