import type { RunWish } from "../domain/run-wish.ts";
import type { ErrorCode } from "../kernel/errors/codes.ts";

/** `refresh`: connectors were made, changed or removed. */
export type ScheduleRequestKind = "trigger" | "cancel" | "pause" | "resume" | "refresh";

/** What a process that only serves the API asks of the one that schedules. Times are milliseconds since the epoch. */
export interface ScheduleRequest {
  id: string;
  kind: ScheduleRequestKind;
  /** Null where the request is about none in particular. */
  connectorId: string | null;
  /** Of `trigger`. */
  wish: RunWish;
  askedAt: number;
  /** Nobody acts on it from this moment on: whoever asked has given up. */
  expiresAt: number;
  /** When a scheduling process took it; null before. */
  takenAt: number | null;
  /** Null until it was acted on. */
  answer: ScheduleAnswer | null;
}

export type ScheduleAnswer =
  | { ok: true; runId: string | null }
  | { ok: false; code: ErrorCode; message: string };

/** How processes on one store ask each other for work: a queue with answers. */
export interface ScheduleRequestStore {
  add(request: ScheduleRequest): Promise<void>;
  /**
   * The requests that nobody has taken, oldest first. Each is given out once, over all processes. Removes those that have expired.
   * Costs a read while there is nothing to take.
   */
  take(now: number): Promise<ScheduleRequest[]>;
  /** A request that is gone is fine. */
  answer(id: string, answer: ScheduleAnswer): Promise<void>;
  get(id: string): Promise<ScheduleRequest | null>;
  /** Removes a request; resolves to what it was. One that was not taken by then never will be. */
  withdraw(id: string): Promise<ScheduleRequest | null>;
}
