import { unfinishedStatuses } from "../../domain/ledger-row.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import type { Circuit } from "../../kernel/http/circuits.ts";
import type { ServiceEvents } from "../../kernel/http/service-events.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { sum } from "../../kernel/util/collections.ts";
import type { Listenable } from "../../kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../../schedule/events.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import type { StateManager } from "../../state/state-manager.ts";
import type { SyncEvents } from "../../sync/events.ts";
import type { AlertRule } from "./alert-rule.ts";
import { readRuns } from "./read-runs.ts";
import { type ConnectorSignals, heldError, type ServerSignals } from "./signals.ts";

/** An enabled connector and the origin of its memories. */
export interface WatchedConnector {
  readonly id: string;
  readonly contextIds: readonly string[];
}

export interface SignalReaderOptions {
  state: Pick<StateManager, "listRuns" | "countRows" | "pageRows" | "getSyncState" | "listSchedules">;
  events: Listenable<SyncEvents & SchedulerEvents & ServiceEvents>;
  /** The current circuits to the servers. */
  circuits: () => readonly Circuit[];
  clock: Clock;
}

/** Number of rows examined to find the one that has waited longest. */
const rowsLookedAt = 100;

/**
 * Collects the input of the rules. Nearly all of it comes from the state store, so that a restart changes no result and runs of
 * other processes count; details that only events carry are kept in memory and refine results while the process lasts.
 */
export class SignalReader {
  readonly #options: SignalReaderOptions;
  /** Runs without a record since the last recorded one, by connector. */
  readonly #unrecorded = new Map<string, number>();
  readonly #movedAt = new Map<string, number>();
  /** When memories were first seen waiting, by connector: a row that keeps failing changes all the time. */
  readonly #waitingSince = new Map<string, number>();
  readonly #heldRatios = new Map<string, number>();
  readonly #answered = new Set<string>();

  constructor(options: SignalReaderOptions) {
    this.#options = options;
    const { events, clock } = options;
    events.on("run:end", ({ record }) => void this.#unrecorded.delete(record.connectorId));
    events.on("schedule:run-failed", ({ connectorId, error }) => {
      if (error.code !== "CANCELLED")
        this.#unrecorded.set(connectorId, (this.#unrecorded.get(connectorId) ?? 0) + 1);
    });
    events.on("run:held", ({ connectorId, ratio }) => this.#heldRatios.set(connectorId, ratio));
    events.on("run:start", ({ connectorId }) => void this.#heldRatios.delete(connectorId));
    events.on("item:changed", ({ connectorId, to }) => {
      if (to === "processed" || to === "deleted") this.#movedAt.set(connectorId, clock.now());
    });
    events.on("http:attempt", ({ service, server, status }) => {
      if (status !== null && status < 500) this.#answered.add(`${service} ${server}`);
    });
  }

  /** Reads only what these rules need. Throws the state store's errors. */
  async connectors(
    connectors: readonly WatchedConnector[],
    rules: readonly AlertRule[],
  ): Promise<ConnectorSignals[]> {
    const needs = needsOf(rules);
    if (!needs.runs || connectors.length === 0) return [];
    const schedules = needs.schedule ? await this.#options.state.listSchedules() : [];
    const byId = new Map(schedules.map((schedule) => [schedule.connectorId, schedule]));
    const signals: ConnectorSignals[] = [];
    for (const connector of connectors) {
      signals.push(await this.#connector(connector, needs, byId.get(connector.id)));
    }
    return signals;
  }

  servers(): ServerSignals[] {
    return this.#options.circuits().map(({ service, server, snapshot }) => {
      const name = `${service} ${server}`;
      const { state, lastError, until } = snapshot;
      const isClosed = state === "closed";
      return {
        kind: "server",
        name,
        state: isClosed ? (this.#answered.has(name) ? "answers" : "unknown") : "left-alone",
        lastError,
        until,
      };
    });
  }

  async #connector(
    { id, contextIds }: WatchedConnector,
    needs: Needs,
    schedule: ScheduleState | undefined,
  ): Promise<ConnectorSignals> {
    const { state, clock } = this.#options;
    const runs = await readRuns(state, id, clock.now() - needs.stillMs);
    const counts = needs.counts ? await state.countRows(id) : null;
    const unfinished = counts === null ? 0 : sum(unfinishedStatuses.map((status) => counts[status]));
    return {
      kind: "connector",
      connectorId: id,
      isPaused: schedule?.pausedAt != null,
      lastRun: runs.last,
      failuresInARow: runs.failuresInARow + (this.#unrecorded.get(id) ?? 0),
      lastSyncAt: runs.lastSyncAt,
      knownSince: earliest(schedule?.anchorAt ?? null, runs.oldestAt),
      deadLetters: counts?.dead ?? 0,
      unfinished,
      waitingSince: needs.waiting ? await this.#waiting(id, unfinished) : null,
      lastMovedAt: latest(runs.lastMovedAt, this.#movedAt.get(id) ?? null),
      truncated: needs.truncation ? await this.#truncation(id, contextIds) : null,
      heldRatio: this.#heldRatio(id, runs.last),
    };
  }

  async #waiting(connectorId: string, unfinished: number): Promise<number | null> {
    if (unfinished === 0) {
      this.#waitingSince.delete(connectorId);
      return null;
    }
    const query = { connectorId, statuses: unfinishedStatuses, order: "oldest" } as const;
    const { rows } = await this.#options.state.pageRows(query, { limit: rowsLookedAt });
    const changed = rows.map(({ changedAt }) => changedAt);
    const since = Math.min(...changed, this.#waitingSince.get(connectorId) ?? this.#options.clock.now());
    this.#waitingSince.set(connectorId, since);
    return since;
  }

  async #truncation(connectorId: string, contextIds: readonly string[]): Promise<string | null> {
    for (const contextId of contextIds) {
      const known = await this.#options.state.getSyncState({ connectorId, contextId });
      if (known?.truncated != null) return known.truncated;
    }
    return null;
  }

  /** The ratio is unknown for a run of another process; its record only says that it was held. */
  #heldRatio(connectorId: string, last: RunRecord | null): number | null {
    return heldError(last) !== null ? (this.#heldRatios.get(connectorId) ?? 1) : null;
  }
}

interface Needs {
  runs: boolean;
  counts: boolean;
  schedule: boolean;
  waiting: boolean;
  truncation: boolean;
  /** How far back a delivered memory matters. */
  stillMs: number;
}

function needsOf(rules: readonly AlertRule[]): Needs {
  const names = new Set(rules.map(({ name }) => name));
  const stale = rules.filter(({ name }) => name === "stale");
  return {
    runs: rules.some(({ name }) => name !== "breaker_open"),
    counts: names.has("dead_letters_over") || names.has("stale"),
    schedule: names.has("no_sync_for_hours") || names.has("stale"),
    waiting: names.has("stale"),
    truncation: names.has("truncated"),
    stillMs: Math.max(0, ...stale.map(({ limit }) => limit)),
  };
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
