import type { RunRecord } from "../domain/run-record.ts";
import type { RunWish } from "../domain/run-wish.ts";
import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";

export interface RunRequest {
  runId: string;
  connectorId: string;
  trigger: RunRecord["trigger"];
  wish: RunWish;
}

/**
 * Runs a connector once. Resolves to the record of the run, whatever its outcome, or to null for a comparison, which keeps a record
 * of its own; rejects when there was neither.
 */
export type RunConnector = (request: RunRequest, signal: AbortSignal) => Promise<RunRecord | null>;

/** A queued (`startedAt` is null) or active run. Times are milliseconds since the epoch. */
export interface ActiveRun {
  readonly request: RunRequest;
  readonly queuedAt: number;
  readonly startedAt: number | null;
}

/** The outcome of a run: its record, null where none is kept here, or why there is none. `shutDown`: ended by a shutdown, to be resumed. */
export interface Settled {
  request: RunRequest;
  result: RunRecord | ConnectorError | null;
  shutDown: boolean;
}

export interface DispatcherOptions {
  run: RunConnector;
  clock: Clock;
  maxConcurrentConnectors: number;
  settled: (settled: Settled) => void;
}

type EndReason = "person" | "shutdown";

interface Job extends ActiveRun {
  startedAt: number | null;
  readonly abort: AbortController;
  endReason: EndReason | null;
  finished: Promise<void>;
}

/**
 * Starts runs in the order of submission, with a concurrency limit and one per connector. Due times and time limits of runs are
 * handled elsewhere.
 */
export class RunDispatcher {
  readonly #options: DispatcherOptions;
  readonly #jobs = new Map<string, Job>();
  #waiting: Job[] = [];
  #maxConcurrent: number;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#maxConcurrent = options.maxConcurrentConnectors;
  }

  get(connectorId: string): ActiveRun | undefined {
    return this.#jobs.get(connectorId);
  }

  get queuedCount(): number {
    return this.#waiting.length;
  }

  get runningCount(): number {
    return this.#jobs.size - this.#waiting.length;
  }

  /** A lower limit applies to runs that start from now on. */
  setMaxConcurrent(maxConcurrentConnectors: number): void {
    this.#maxConcurrent = maxConcurrentConnectors;
    this.#startWaiting();
  }

  /** The connector must have no active run. */
  submit(request: RunRequest): void {
    const job: Job = {
      request,
      queuedAt: this.#options.clock.now(),
      startedAt: null,
      abort: new AbortController(),
      endReason: null,
      finished: Promise.resolve(),
    };
    this.#jobs.set(request.connectorId, job);
    this.#waiting.push(job);
    this.#startWaiting();
  }

  /** Removes a queued run. False when there is none. */
  withdraw(connectorId: string): boolean {
    const job = this.#jobs.get(connectorId);
    if (job === undefined || job.startedAt !== null) return false;
    this.#jobs.delete(connectorId);
    this.#waiting = this.#waiting.filter((other) => other !== job);
    return true;
  }

  /** Cancels a run on request; an active one still has to end. Undefined when there is none. */
  cancel(connectorId: string): ActiveRun | undefined {
    const job = this.#jobs.get(connectorId);
    if (job === undefined) return undefined;
    abortJob(job, "person");
    if (this.withdraw(connectorId)) {
      const result = toConnectorError(job.abort.signal.reason);
      this.#options.settled({ request: job.request, result, shutDown: false });
    }
    return job;
  }

  /** Withdraws all queued runs and resolves when all active ones have ended. */
  async drain(): Promise<void> {
    for (const { request } of [...this.#waiting]) this.withdraw(request.connectorId);
    await Promise.all(Array.from(this.#jobs.values(), (job) => job.finished));
  }

  /** Cancels a run for a shutdown: the next start resumes it. Without a connector, all runs. */
  cutShort(connectorId?: string): void {
    for (const [id, job] of this.#jobs) if (id === (connectorId ?? id)) abortJob(job, "shutdown");
  }

  #startWaiting(): void {
    while (this.runningCount < this.#maxConcurrent) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      job.startedAt = this.#options.clock.now();
      job.finished = this.#execute(job);
    }
  }

  async #execute(job: Job): Promise<void> {
    const { run, settled } = this.#options;
    const result = await startRun(run, job).catch(toConnectorError);
    this.#jobs.delete(job.request.connectorId);
    settled({ request: job.request, result, shutDown: job.endReason === "shutdown" });
    this.#startWaiting();
  }
}

/** A synchronous throw becomes a rejection. */
async function startRun(run: RunConnector, { request, abort }: Job): ReturnType<RunConnector> {
  return run(request, abort.signal);
}

const endMessages: Record<EndReason, string> = {
  person: "the run was cancelled on request",
  shutdown: "the run was cut short because the service stops; the next start takes it up",
};

function abortJob(job: Job, endReason: EndReason): void {
  job.endReason ??= endReason;
  job.abort.abort(
    new ConnectorError("CANCELLED", endMessages[job.endReason], { subject: job.request.runId }),
  );
}
