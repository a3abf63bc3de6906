import type { ServiceEvents } from "../kernel/http/service-events.ts";
import type { AlertEvents, NotifyEvents } from "../notify/events.ts";
import type { OperationEvents } from "../operations/operation-context.ts";
import type { SchedulerEvents } from "../schedule/events.ts";
import type { SyncEvents } from "../sync/events.ts";

/** All events of all parts. */
export type AppEvents = OperationEvents &
  SyncEvents &
  SchedulerEvents &
  ServiceEvents &
  AlertEvents &
  NotifyEvents;
