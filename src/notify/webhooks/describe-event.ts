import type { LedgerStatus } from "../../domain/ledger-row.ts";
import type { RunOutcome } from "../../domain/run-record.ts";
import { mayQuote } from "../../kernel/errors/codes.ts";
import type { SchedulerEvents } from "../../schedule/events.ts";
import type { NotificationEvent } from "../../state/message.ts";
import type { SyncEvents } from "../../sync/events.ts";
import { alertEvent } from "../alerts/alert-message.ts";
import type { AlertEvents } from "../events.ts";
import type { WebhookEventType } from "./event-types.ts";

export type WebhookSource = SyncEvents & SchedulerEvents & AlertEvents;

/** An event without its time. */
type Description = Omit<NotificationEvent, "type" | "at"> & { type: WebhookEventType };

/** The webhook event for each internal event; null for internal ones. No message may quote a memory. */
export const descriptions = {
  "run:start": ({ runId, connectorId, trigger }) => ({
    type: "job.started",
    connectorId,
    data: { runId, trigger },
  }),
  "run:end": ({ record }) => {
    const { runId, connectorId, trigger, outcome, startedAt, endedAt, counts, errors, truncated } = record;
    const type = jobTypes[outcome];
    if (type === null) return null;
    const times = { startedAt: instant(startedAt), endedAt: endedAt === null ? null : instant(endedAt) };
    const publicErrors = errors.map((error) => ({ count: error.count, ...publicError(error) }));
    return {
      type,
      connectorId,
      data: { runId, trigger, outcome, ...times, counts, errors: publicErrors, truncated },
    };
  },
  "run:held": ({ runId, connectorId, reason, ratio }) => ({
    type: "job.held",
    connectorId,
    data: { runId, reason, ratio },
  }),
  "schedule:run-failed": ({ runId, connectorId, error }) => ({
    type: error.code === "CANCELLED" ? "job.cancelled" : "job.failed",
    connectorId,
    data: { runId, errors: [{ count: 1, ...publicError(error) }] },
  }),
  "item:changed": ({ connectorId, runId, contextId, memoryId, to }) => {
    const type = memoryTypes[to];
    return type === undefined ? null : { type, connectorId, data: { runId, contextId, memoryId } };
  },
  "item:failed": ({ connectorId, runId, contextId, memoryId, error, attempts, nextAttemptAt }) => ({
    type: "memory.failed",
    connectorId,
    data: {
      runId,
      contextId,
      memoryId,
      error: publicError(error),
      attempts,
      nextAttemptAt: instant(nextAttemptAt),
    },
  }),
  "item:dead": ({ connectorId, runId, contextId, memoryId, error }) => ({
    type: "memory.dead",
    connectorId,
    data: { runId, contextId, memoryId, error: publicError(error) },
  }),
  "schedule:change": ({ connectorId, change }) => ({
    type: "connector.changed",
    connectorId,
    data: { change },
  }),
  "alert:change": (change) => {
    const { type, connectorId, data } = alertEvent(change);
    return { type, connectorId, data };
  },
} as const satisfies { [Name in keyof WebhookSource]?: (payload: WebhookSource[Name]) => Description | null };

const jobTypes: Readonly<Record<RunOutcome, WebhookEventType | null>> = {
  running: null,
  success: "job.completed",
  partial: "job.completed",
  failed: "job.failed",
  interrupted: "job.failed",
  cancelled: "job.cancelled",
};

const memoryTypes: Readonly<Partial<Record<LedgerStatus, WebhookEventType>>> = {
  processed: "memory.ingested",
  deleted: "memory.deleted",
};

interface PublicError {
  code: string;
  message: string;
  hint: string;
}

function publicError({ code, message, hint }: PublicError): Partial<PublicError> {
  return mayQuote(code) ? { code, hint } : { code, message, hint };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
