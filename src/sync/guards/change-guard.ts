import type { Transition } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Emitter } from "../../kernel/util/event-bus.ts";
import type { StateManager } from "../../state/state-manager.ts";
import type { RunEvents } from "../events.ts";
import type { LedgerWriter } from "../ledger-writer.ts";
import type { RunReport } from "../report/run-report.ts";
import type { RunOptions } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";

export interface ChangeGuardParts {
  readonly state: Pick<StateManager, "getRows" | "countRows">;
  readonly ledger: LedgerWriter;
  readonly events: Emitter<RunEvents>;
  readonly report: Pick<RunReport, "heldBack">;
  readonly settings: Pick<SyncSettings, "connectorId" | "maxResendPercent">;
  readonly options: Pick<RunOptions, "filter" | "force" | "acceptResends" | "acceptDeletions">;
}

/** Changes that are kept in memory until the whole source has been read. With more of them, the source is read once more. */
const maxHeldChanges = 200;
/** So few are always allowed. */
const alwaysAllowedResends = 10;

/** Removals of one context. */
interface Removals {
  /** Memories whose text would be removed from LightRAG without a replacement. */
  withdrawn: number;
  /** Delivered memories that the source has shown. */
  delivered: number;
}

/**
 * Holds back changes that would replace or remove a delivered document, until the whole source has been read and their number is
 * known: a changed template, a new version of this program or a source that shows everything differently would send most of the
 * ledger again, and a source that lost its texts would empty LightRAG. As long as nothing is written to the ledger, the cause can
 * still be undone.
 */
export class ChangeGuard {
  readonly #parts: ChangeGuardParts;
  #kept: Transition[] = [];
  #held = 0;
  /** Documents that would be sent again; those of groups are counted by context, because several of their notes may change. */
  #singles = 0;
  readonly #groups = new Map<string, Set<string>>();
  readonly #removals = new Map<string, Removals>();
  /** Contexts whose removals are refused; null until everything has been read. */
  #refused: ReadonlySet<string> | null = null;

  constructor(parts: ChangeGuardParts) {
    this.#parts = parts;
  }

  /** Records that the source has shown the memories of these rows. */
  noteShown(contextId: string, rows: Iterable<LedgerRow>): void {
    if (this.#refused !== null) return;
    const removals = this.removalsOf(contextId);
    for (const row of rows) if (isDelivered(row)) removals.delivered += 1;
  }

  /** Returns the transitions that may be written to the ledger now. */
  pass(transitions: readonly Transition[]): Transition[] {
    return transitions.filter((transition) => {
      const holds = this.#hold(transition);
      this.#noteNamed(transition, holds);
      return !holds;
    });
  }

  /** The removals from LightRAG that a context's listing would cause. */
  removalsOf(contextId: string): Removals {
    const known = this.#removals.get(contextId) ?? { withdrawn: 0, delivered: 0 };
    this.#removals.set(contextId, known);
    return known;
  }

  /**
   * Writes the held changes, except for the removals in refused contexts. Resolves to false when there were too many to keep: then
   * the source has to be read again, and accepted changes pass. Throws `RUN_HELD` when more of the ledger would be sent again than
   * the connector's limit allows.
   */
  async release(refused: ReadonlySet<string>): Promise<boolean> {
    await this.#checkResends();
    const isComplete = this.#held === this.#kept.length;
    this.#refused = refused;
    if (isComplete) await this.#parts.ledger.apply(this.pass(this.#kept));
    this.#kept = [];
    return isComplete;
  }

  #hold(transition: Transition): boolean {
    const { options } = this.#parts;
    const removes = isRemoval(transition);
    if (this.#refused !== null) return removes && this.#refused.has(transition.row.contextId);
    if (removes ? options.acceptDeletions : options.force || options.acceptResends) return false;
    if (!removes && !isResend(transition)) return false;
    if (removes) this.removalsOf(transition.row.contextId).withdrawn += 1;
    else this.#countResend(transition.row);
    this.#held += 1;
    if (this.#kept.length < maxHeldChanges) this.#kept.push(transition);
    return true;
  }

  /** Reports a requested memory as held. */
  #noteNamed({ row: { memoryId } }: Transition, isHeld: boolean): void {
    const { options, report } = this.#parts;
    if (options.filter.ids?.has(memoryId) !== true) return;
    if (isHeld) report.heldBack.add(memoryId);
    else report.heldBack.delete(memoryId);
  }

  #countResend({ contextId, groupKey }: LedgerRow): void {
    if (groupKey === null) this.#singles += 1;
    else this.#groups.set(contextId, (this.#groups.get(contextId) ?? new Set()).add(groupKey));
  }

  /**
   * Groups with a delivered document. One that is already being replaced, after an interrupted run, is not sent again because of a change.
   */
  async #deliveredGroups(): Promise<number> {
    const { state, settings } = this.#parts;
    let delivered = 0;
    for (const [contextId, keys] of this.#groups) {
      const rows = await state.getRows({ connectorId: settings.connectorId, contextId }, [...keys]);
      delivered += rows
        .values()
        .filter(({ status }) => status === "processed")
        .toArray().length;
    }
    return delivered;
  }

  async #checkResends(): Promise<void> {
    const { state, settings, events } = this.#parts;
    const resends = this.#singles + (await this.#deliveredGroups());
    if (resends <= alwaysAllowedResends) return;
    const { connectorId, maxResendPercent } = settings;
    const { processed } = await state.countRows(connectorId);
    const ratio = resends / processed;
    if (ratio * 100 <= maxResendPercent) return;
    events.emit("run:held", { reason: "resend", ratio });
    throw new ConnectorError(
      "RUN_HELD",
      `${resends} of ${processed} delivered memories would be sent again, more than ${maxResendPercent} %; nothing was sent`,
      { subject: connectorId },
    );
  }
}

function isDelivered({ status, groupKey }: LedgerRow): boolean {
  return status === "processed" || groupKey !== null;
}

function isResend({ row, event }: Transition): boolean {
  return isDelivered(row) && event.type !== "confirm";
}

/**
 * Whether a text is removed from LightRAG without a replacement. A note that joins a group, or waits for its medium, is not lost.
 */
function isRemoval({ row, event }: Transition): boolean {
  if (row.documentId === null && row.groupKey === null) return false;
  if (event.type === "skip") return event.reason !== "merged" && event.reason !== "pending_media";
  if (event.type !== "upsert") return false;
  const { transcript, facts } = event.content.memory;
  return transcript.trim() === "" && !facts?.transcription && facts?.image == null;
}
