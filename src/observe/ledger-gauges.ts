import type { Gauge } from "prom-client";
import type { RunRecord } from "../domain/run-record.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Listenable } from "../kernel/util/event-bus.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { SyncEvents } from "../sync/events.ts";
import type { GaugeSource, Metrics } from "./metrics.ts";

/** A connector and the origin of its memories. */
export interface WatchedConnector {
  readonly id: string;
  readonly contextIds: readonly string[];
}

export interface LedgerGaugesOptions {
  metrics: Metrics;
  state: Pick<StateManager, "countRows" | "oldestUnfinished" | "listRuns">;
  clock: Clock;
  /** The current connectors. */
  connectors: () => readonly WatchedConnector[];
}

/** Other processes write the ledger too: everything is read again after this. Milliseconds. */
const rereadAfterMs = 5 * 60_000;

/** Number of runs searched for the last successful one. */
const maxRunsSearched = 50;

/** A gauge with a series for each connector that ever had a value other than 0; most have none, and a scrape names those that matter. */
class UsedSeries {
  readonly #gauge: Gauge<"connector_id">;
  readonly #shown = new Set<string>();

  constructor(gauge: Gauge<"connector_id">) {
    this.#gauge = gauge;
  }

  /** A series that was shown goes on with 0, so that whoever watches it sees it fall. */
  set(connectorId: string, value: number): void {
    if (value === 0 && !this.#shown.has(connectorId)) return;
    this.#shown.add(connectorId);
    this.#gauge.set({ connector_id: connectorId }, value);
  }

  forget(connectorId: string): void {
    this.#shown.delete(connectorId);
  }
}

/**
 * Gauges read from the ledger at each scrape. Only connectors with a run since the last scrape are read, so that the cost of a
 * scrape depends on activity, not on the number of connectors.
 */
export class LedgerGauges implements GaugeSource {
  readonly #options: LedgerGaugesOptions;
  readonly #stale = new Set<string>();
  readonly #working = new Set<string>();
  readonly #deadLetters: UsedSeries;
  readonly #oldestAge: UsedSeries;
  readonly #oldest = new Map<string, number>();
  #rereadAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | null = null;

  constructor(options: LedgerGaugesOptions, events: Listenable<SyncEvents>) {
    this.#options = options;
    this.#deadLetters = new UsedSeries(options.metrics.deadLetters);
    this.#oldestAge = new UsedSeries(options.metrics.oldestUnfinishedAge);
    events.on("run:start", ({ connectorId }) => this.#working.add(connectorId));
    events.on("run:end", ({ record }) => this.#runEnded(record));
  }

  /** Concurrent scrapes share one read. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  #runEnded({ connectorId, outcome, endedAt }: RunRecord): void {
    this.#working.delete(connectorId);
    this.#stale.add(connectorId);
    if (outcome === "success" && endedAt !== null) this.#showSuccess(connectorId, endedAt);
  }

  async #read(): Promise<void> {
    const { connectors, clock } = this.#options;
    const all = connectors();
    const everything = clock.monotonic() >= this.#rereadAt;
    if (everything) this.#rereadAt = clock.monotonic() + rereadAfterMs;
    const due = everything ? all : all.filter(({ id }) => this.#stale.has(id) || this.#working.has(id));
    for (const { id } of due) this.#stale.delete(id);
    for (const connector of due) {
      await this.#readLedger(connector);
      if (everything) await this.#readLastSuccess(connector.id);
    }
    for (const { id } of all) this.#showAge(id);
    this.#forgetAllBut(new Set(all.map(({ id }) => id)));
  }

  async #readLedger({ id, contextIds }: WatchedConnector): Promise<void> {
    const { state, metrics } = this.#options;
    const rows = await state.countRows(id);
    metrics.inFlight.set({ connector_id: id }, rows.submitting + rows.submitted);
    this.#deadLetters.set(id, rows.dead);
    const times = await Promise.all(
      contextIds.map((contextId) => state.oldestUnfinished({ connectorId: id, contextId })),
    );
    this.#oldest.set(id, Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY)));
  }

  async #readLastSuccess(connectorId: string): Promise<void> {
    const { runs } = await this.#options.state.listRuns({ connectorId, limit: maxRunsSearched });
    const success = runs.find(({ outcome }) => outcome === "success");
    if (success !== undefined) this.#showSuccess(connectorId, success.endedAt ?? success.startedAt);
  }

  #showSuccess(connectorId: string, at: number): void {
    this.#options.metrics.lastSuccess.set({ connector_id: connectorId }, at / 1000);
  }

  #showAge(connectorId: string): void {
    const ageMs = this.#options.clock.now() - (this.#oldest.get(connectorId) ?? Number.POSITIVE_INFINITY);
    this.#oldestAge.set(connectorId, Math.max(0, ageMs) / 1000);
  }

  /** Their series are removed with all others of a connector. */
  #forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of [...this.#oldest.keys()].filter((known) => !ids.has(known))) {
      this.#oldest.delete(id);
      for (const series of [this.#deadLetters, this.#oldestAge]) series.forget(id);
    }
  }
}
