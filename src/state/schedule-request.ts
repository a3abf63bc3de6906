import type { RunWish } from "../domain/run-wish.ts";
import type { ErrorCode } from "../kernel/errors/codes.ts";

/** `hint`: a connector's source has changed. */
export type ScheduleRequestKind = "trigger" | "cancel" | "pause" | "resume" | "hint";

/** A request to the process that schedules, or to the one that works on a run. Times are milliseconds since the epoch. */
export interface ScheduleRequest {
  id: string;
  kind: ScheduleRequestKind;
  /** Null where the request is about no particular connector. */
  connectorId: string | null;
  /** Whose process is asked; left out, that which schedules is. */
  runId?: string;
  /** Of `trigger`. */
  wish: RunWish;
  /** Of `pause`. */
  note?: string;
  askedAt: number;
  /** Expiry: the requester has given up by then, and the request is not served. */
  expiresAt: number;
  /** When a scheduling process accepted it; null before. */
  takenAt: number | null;
  /** Null until it was served. */
  answer: ScheduleAnswer | null;
}

export type ScheduleAnswer =
  | { ok: true; runId: string | null }
  | { ok: false; code: ErrorCode; message: string };

/** A request/response queue between processes on one store. */
export interface ScheduleRequestStore {
  add(request: ScheduleRequest): Promise<void>;
  /**
   * Accepts the pending requests to a run, or to the process that schedules, oldest first. Each is accepted once over all processes. Removes expired ones. Costs one read
   * while there are none.
   */
  take(now: number, runId?: string): Promise<ScheduleRequest[]>;
  /** A removed request is ignored. */
  answer(id: string, answer: ScheduleAnswer): Promise<void>;
  get(id: string): Promise<ScheduleRequest | null>;
  /** Removes a request and resolves to it. One that was not accepted by then never will be. */
  withdraw(id: string): Promise<ScheduleRequest | null>;
}
