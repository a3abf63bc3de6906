import { randomUUID } from "node:crypto";
import type { RunWish } from "../domain/run-wish.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { ScheduleAnswer, ScheduleRequest, ScheduleRequestStore } from "../state/schedule-request.ts";
import type { RunControl } from "./run-control.ts";

export interface RemoteRunControlOptions {
  store: ScheduleRequestStore;
  clock: Clock;
  /** Called when a request was added, so that whoever serves it may be told at once. */
  added?: () => void;
  /** Time limit for the other process. Milliseconds. */
  timeoutMs?: number;
}

/** Polling interval. Milliseconds. */
const pollIntervalMs = 50;

/**
 * Controls the scheduler of another process through the shared store. Throws that scheduler's errors, and `SCHEDULER_ELSEWHERE`
 * when none responds in time; the message says whether the request may still take effect.
 */
export class RemoteRunControl implements RunControl {
  readonly #store: ScheduleRequestStore;
  readonly #clock: Clock;
  readonly #added: () => void;
  readonly #timeoutMs: number;

  constructor({ store, clock, added = () => undefined, timeoutMs = 5000 }: RemoteRunControlOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#added = added;
    this.#timeoutMs = timeoutMs;
  }

  trigger(connectorId: string, wish: RunWish = {}): Promise<string> {
    return this.#requestRun({ kind: "trigger", connectorId, wish });
  }

  cancel(connectorId: string): Promise<string> {
    return this.#requestRun({ kind: "cancel", connectorId, wish: {} });
  }

  async pause(connectorId: string, note?: string): Promise<void> {
    await this.#request({ kind: "pause", connectorId, wish: {}, ...(note !== undefined && { note }) });
  }

  async resume(connectorId: string): Promise<void> {
    await this.#request({ kind: "resume", connectorId, wish: {} });
  }

  /** Announces that a connector's source has changed. Does not wait: a hint that is lost costs only time. */
  async hint(connectorId: string, memoryId: string | null): Promise<void> {
    const wish = memoryId === null ? {} : { hinted: [memoryId] };
    await this.#add(this.#requestOf({ kind: "hint", connectorId, wish }));
  }

  async #requestRun(asked: RequestFields): Promise<string> {
    const runId = await this.#request(asked);
    if (runId !== null) return runId;
    throw new ConnectorError("INTERNAL", `the scheduler answered "${asked.kind}" without a run`);
  }

  /** Cancels a run that another process works on. False when that process did not act on it in time; the request is withdrawn then. */
  async cancelRun(connectorId: string, runId: string): Promise<boolean> {
    const { answer } = await this.#answerTo({ kind: "cancel", connectorId, runId, wish: {} });
    return answer?.ok === true;
  }

  async #request(asked: RequestFields): Promise<string | null> {
    const { answer, takenAt } = await this.#answerTo(asked);
    if (answer !== null) return resultOf(answer, asked);
    const what =
      takenAt === null
        ? "no process that schedules has taken the request; it was withdrawn"
        : "the process that schedules has taken the request and not answered; `status` shows what became of it";
    throw new ConnectorError("SCHEDULER_ELSEWHERE", what, { subject: asked.kind });
  }

  /** The request when it was answered, or when it was withdrawn unanswered. */
  async #answerTo(asked: RequestFields): Promise<Pick<ScheduleRequest, "answer" | "takenAt">> {
    const request = this.#requestOf(asked);
    await this.#add(request);
    const deadline = this.#clock.monotonic() + this.#timeoutMs;
    while (this.#clock.monotonic() < deadline) {
      await this.#clock.sleep(pollIntervalMs);
      if ((await this.#store.get(request.id))?.answer) break;
    }
    // An answer may have come at the last moment.
    return (await this.#store.withdraw(request.id)) ?? request;
  }

  async #add(request: ScheduleRequest): Promise<void> {
    await this.#store.add(request);
    this.#added();
  }

  #requestOf(asked: RequestFields): ScheduleRequest {
    const now = this.#clock.now();
    return {
      ...asked,
      id: randomUUID(),
      askedAt: now,
      expiresAt: now + this.#timeoutMs,
      takenAt: null,
      answer: null,
    };
  }
}

type RequestFields = Pick<ScheduleRequest, "kind" | "connectorId" | "runId" | "wish" | "note">;

function resultOf(answer: ScheduleAnswer, { connectorId }: RequestFields): string | null {
  if (answer.ok) return answer.runId;
  const subject = connectorId === null ? {} : { subject: connectorId };
  throw new ConnectorError(answer.code, answer.message, subject);
}
