import type { DriftReport } from "../../domain/drift-report.ts";
import { checkDrift } from "./check-drift.ts";
import { recordReconciliation } from "./record-reconciliation.ts";
import { type RepairOptions, type RepairParts, repairDrift } from "./repair-drift.ts";

export interface ReconcileOptions extends RepairOptions {
  repair: boolean;
}

/**
 * Compares a connector's ledger, source and LightRAG as a whole, and repairs differences. Not to be confused with the phase
 * `reconcile` of a run, which only recovers what an earlier run left in flight.
 */
export class Reconciler {
  readonly #parts: RepairParts;

  constructor(parts: RepairParts) {
    this.#parts = parts;
  }

  /**
   * Holds the connector's lock throughout. Throws `CONNECTOR_LOCKED`, and what source, sink and state store throw; repairs until
   * then are kept.
   */
  async reconcile(options: ReconcileOptions, signal: AbortSignal): Promise<DriftReport> {
    const { state, settings } = this.#parts;
    const lock = await state.lockConnector(settings.connectorId, options.runId);
    try {
      return await recordReconciliation(this.#parts, settings.connectorId, options, (startedAt) =>
        this.#compare(startedAt, options, signal),
      );
    } finally {
      await lock.release();
    }
  }

  async #compare(startedAt: number, options: ReconcileOptions, signal: AbortSignal): Promise<DriftReport> {
    const { sink, clock, settings } = this.#parts;
    const { connectorId, queryRange } = settings;
    await sink.connect(signal);
    const found = await checkDrift(this.#parts, signal);
    const repair = options.repair ? await repairDrift(this.#parts, found, options, signal) : null;
    const { documents, delivered, memories, truncated, drift, outside } = found;
    return {
      runId: options.runId,
      connectorId,
      startedAt,
      endedAt: clock.now(),
      documents,
      delivered,
      memories,
      truncated,
      drift,
      queryRange,
      outside,
      repair,
    };
  }
}
