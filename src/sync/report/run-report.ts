import type { RowError } from "../../domain/ledger-row.ts";
import {
  leftOf,
  type NotDelivered,
  noCounts,
  type RunCounts,
  type RunErrorGroup,
  type RunOutcome,
  type RunRecord,
  type RunScope,
} from "../../domain/run-record.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import type { StatusCounts } from "../../state/state-manager.ts";
import type { RunPhase } from "../events.ts";
import type { RunOptions } from "../run-options.ts";

const maxExamples = 5;

/** Collects the results of a run, and turns them into its stored record. Holds counts and a few examples, never items. */
export class RunReport {
  readonly counts: RunCounts = { ...noCounts };
  truncated: string | null = null;
  /** Requested memories that the source does not show; null until the source has been read. */
  notFound: ReadonlySet<string> | null = null;
  /** Requested memories that are not readable at the source yet. */
  pending: ReadonlySet<string> = new Set();
  /** Requested memories that a guard holds back. */
  readonly heldBack = new Set<string>();
  /** Requested memories that were not delivered; null for any other run, and before its end. */
  notDelivered: readonly NotDelivered[] | null = null;
  scope: RunScope | null = null;
  /** LightRAG no longer holds documents that were proved delivered. */
  hasLostDocuments = false;
  /** Memories that are held back until their audio or picture is read. */
  waitingForMedia = 0;
  /** Unsent rows wait for the next day's budget, for their turn in the slow lane, or for more notes of their document. */
  putsOff = false;
  /** The next row exceeds what is left of the day's budget. */
  budgetSpent = false;
  /** Proved documents whose records have a number of entities, and whether any has some. */
  readonly entityRecords = { documents: 0, foundSome: false };
  /** The ledger when the run began. */
  before: StatusCounts | null = null;
  /** Known deliveries of this run, including the settled ones. */
  expected = 0;
  /** Dead letters of items that cannot be read: they are none of the deliveries. */
  #deadBeforeDelivery = 0;
  readonly #errors = new Map<string, RunErrorGroup & { examples: string[] }>();
  readonly #durations: Record<RunPhase, number> = {
    connect: 0,
    reconcile: 0,
    discover: 0,
    deliver: 0,
  };
  readonly #connectorId: string;
  readonly #options: RunOptions;
  readonly #startedAt: number;
  readonly #place: Pick<RunRecord, "order">;

  constructor(
    connectorId: string,
    options: RunOptions,
    startedAt: number,
    place: Pick<RunRecord, "order"> = {},
  ) {
    this.#connectorId = connectorId;
    this.#options = options;
    this.#startedAt = startedAt;
    this.#place = place;
  }

  /** Deliveries begin, of so many memories that are not settled yet. */
  expectDeliveries(unfinished: number): void {
    this.expected = this.counts.processed + unfinished;
    this.#deadBeforeDelivery = this.counts.dead;
  }

  /** How many of the expected deliveries are proved, or given up. */
  get settled(): number {
    return this.counts.processed + this.counts.dead - this.#deadBeforeDelivery;
  }

  /** A separate report, for what has already been counted. */
  aside(): RunReport {
    return new RunReport(this.#connectorId, this.#options, this.#startedAt);
  }

  /** Counts an error under its code; `memoryId` is absent for errors of the run as a whole. */
  addError(error: RowError, memoryId?: string): void {
    const group = this.#errors.get(error.code) ?? { ...error, count: 0, examples: [] };
    group.count += 1;
    if (memoryId !== undefined && isNewExample(group.examples, memoryId)) group.examples.push(memoryId);
    this.#errors.set(error.code, group);
  }

  /** `entities` as the record of a proved document has it. */
  noteFound(entities: number | undefined): void {
    if (entities === undefined) return;
    this.entityRecords.documents += 1;
    this.entityRecords.foundSome ||= entities > 0;
  }

  /** The hint of the first error, or of the first one with one of these codes. */
  hintOf(...codes: readonly ErrorCode[]): string | undefined {
    const groups = [...this.#errors.values()];
    return groups.find(({ code }) => codes.length === 0 || codes.includes(code))?.hint;
  }

  /** Records the current counts of the connector's ledger. `atItsEnd`: the run has done all that it could do. */
  noteLeft(rows: StatusCounts, { atItsEnd }: { atItsEnd: boolean }): void {
    Object.assign(this.counts, leftOf(rows, { atItsEnd, putsOff: this.putsOff }));
  }

  /** Whether something was not delivered, or not seen. */
  get isIncomplete(): boolean {
    const { failed, deadLetters } = this.counts;
    const left = failed + deadLetters + this.waitingForMedia + (this.notFound?.size ?? 0);
    return left > 0 || this.truncated !== null || this.hasLostDocuments;
  }

  addDuration(phase: RunPhase, ms: number): void {
    this.#durations[phase] += Math.round(ms);
  }

  toRecord(outcome: RunOutcome, endedAt: number | null): RunRecord {
    return {
      runId: this.#options.runId,
      connectorId: this.#connectorId,
      trigger: this.#options.trigger,
      startedAt: this.#startedAt,
      ...this.#place,
      endedAt,
      outcome,
      counts: { ...this.counts },
      phases: { ...this.#durations },
      errors: Array.from(this.#errors.values(), (group) => ({ ...group, examples: [...group.examples] })),
      truncated: this.truncated,
      ...(this.before === null || outcome !== "running" ? {} : { before: this.before }),
      ...(this.scope === null ? {} : { scope: { ...this.scope } }),
      ...(this.budgetSpent ? { budgetSpent: true } : {}),
      ...(this.waitingForMedia === 0 ? {} : { waitingForMedia: this.waitingForMedia }),
      ...(this.notDelivered === null ? {} : { notDelivered: this.notDelivered }),
    };
  }
}

/** A memory that fails more than once in a run counts as one example. */
function isNewExample(examples: readonly string[], memoryId: string): boolean {
  return examples.length < maxExamples && !examples.includes(memoryId);
}
