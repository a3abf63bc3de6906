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

/** Collects what a run did, and turns it into the record that is kept. Holds counts and a few examples, never items. */
export class RunReport {
  readonly counts: RunCounts = { ...noCounts };
  truncated: string | null = null;
  /** Memories that a person has named and the source does not show; null while the source was not read. */
  notFound: ReadonlySet<string> | null = null;
  /** Memories that a person has named and that cannot be read at the source yet. */
  pending: ReadonlySet<string> = new Set();
  /** Memories that a person has named and that a guard keeps from being written down. */
  readonly heldBack = new Set<string>();
  /** What became of the memories that a person has named; null for any other run, and before its end. */
  notDelivered: readonly NotDelivered[] | null = null;
  scope: RunScope | null = null;
  /** LightRAG does not hold any more what was proved delivered. */
  hasLostDocuments = false;
  /** What is not sent yet waits for the next day's budget, or for its turn in the slow lane. */
  putsOff = false;
  /** Documents that were proved and whose records tell how many entities were found in them, and whether any has some. */
  readonly entityRecords = { documents: 0, foundSome: false };
  /** Deliveries that this run knows it has to settle, the settled ones included. */
  expected = 0;
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

  /** A report beside this one, for what has been counted before. */
  aside(): RunReport {
    return new RunReport(this.#connectorId, this.#options, this.#startedAt);
  }

  /** Counts an error under its code; `memoryId` is left out for errors of the run as a whole. */
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

  /** What to do about the first error that was met, of these codes where they are given. */
  hintOf(...codes: readonly ErrorCode[]): string | undefined {
    const groups = [...this.#errors.values()];
    return groups.find(({ code }) => codes.length === 0 || codes.includes(code))?.hint;
  }

  /** What is left of the connector's memories, as its ledger has them now. `atItsEnd`: the run has done all that it could do. */
  noteLeft(rows: StatusCounts, { atItsEnd }: { atItsEnd: boolean }): void {
    Object.assign(this.counts, leftOf(rows, { atItsEnd, putsOff: this.putsOff }));
  }

  /** Whether something is left behind, or was not seen. */
  get isIncomplete(): boolean {
    const { failed, deadLetters } = this.counts;
    const left = failed + deadLetters + (this.notFound?.size ?? 0);
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
      ...(this.scope === null ? {} : { scope: { ...this.scope } }),
      ...(this.notDelivered === null ? {} : { notDelivered: this.notDelivered }),
    };
  }
}

/** A memory that fails more than once in a run is one example. */
function isNewExample(examples: readonly string[], memoryId: string): boolean {
  return examples.length < maxExamples && !examples.includes(memoryId);
}
