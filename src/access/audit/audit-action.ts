/** Every action that the audit log records. The names are public: people and scripts filter by them. */
export const auditActions = [
  "connector.create",
  "connector.replace",
  "connector.remove",
  "connector.reset",
  "connector.pause",
  "connector.resume",
  "run.trigger",
  "run.cancel",
  "backfill.request",
  "backfill.cancel",
  "dead-letters.replay",
  "dead-letters.drop",
  "memory.erase",
  "memory.allow-again",
  "ledger.reconcile",
  "key.create",
  "key.rotate",
  "key.revoke",
  "secrets.rotate",
  "state.restore",
  "state.migrate",
  "config.reload",
  "audit.checkpoint",
] as const;

export type AuditAction = (typeof auditActions)[number];
