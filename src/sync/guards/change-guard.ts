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
  readonly ledger: Pick<LedgerWriter, "apply">;
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
 * ledger again, and a source that lost its texts would empty LightRAG. As long as nothing of it is written to the ledger, the cause can
 * still be undone. What was written down for the time being and is known better now is nobody's change: so much of it goes with each run as is
 * allowed without a word, and the rest with later ones.
 */
export class ChangeGuard {
  readonly #parts: ChangeGuardParts;
  #kept: Transition[] = [];
  #held = 0;
  /** Documents of which something could not be found out before and can be now. */
  readonly #refreshes: Transition[] = [];
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
   * the connector's limit allows; what is new or was only written down for the time being stands in the ledger then.
   */
  async release(refused: ReadonlySet<string>): Promise<boolean> {
    const { resends, processed, allowed } = await this.#resends();
    const isHeld = resends > allowed;
    await this.#refresh(isHeld ? allowed : allowed - resends);
    if (isHeld) this.#refuse(resends, processed);
    const isComplete = this.#held === this.#kept.length;
    this.#refused = refused;
    if (isComplete) await this.#parts.ledger.apply(this.pass(this.#kept));
    this.#kept = [];
    return isComplete;
  }

  async #refresh(most: number): Promise<void> {
    const refreshed = this.#refreshes.slice(0, most);
    for (const transition of refreshed) this.#noteNamed(transition, false);
    await this.#parts.ledger.apply(refreshed);
  }

  #hold(transition: Transition): boolean {
    if (isRemoval(transition)) return this.#holdRemoval(transition);
    return isResend(transition) && this.#holdResend(transition);
  }

  #holdRemoval(transition: Transition): boolean {
    const { contextId } = transition.row;
    if (this.#refused !== null) return this.#refused.has(contextId);
    if (this.#parts.options.acceptDeletions) return false;
    this.removalsOf(contextId).withdrawn += 1;
    return this.#keep(transition);
  }

  #holdResend(transition: Transition): boolean {
    const { force, acceptResends } = this.#parts.options;
    if (force || acceptResends || isAsked(transition)) return false;
    if (isRefresh(transition)) {
      if (this.#refreshes.length < maxHeldChanges) this.#refreshes.push(transition);
      return true;
    }
    if (this.#refused !== null) return false;
    this.#countResend(transition.row);
    return this.#keep(transition);
  }

  #keep(transition: Transition): true {
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

  /** Throws `RUN_HELD` when more of the ledger would be sent again than the connector's limit allows. */
  async checkResends(): Promise<void> {
    const { resends, processed, allowed } = await this.#resends();
    if (resends > allowed) this.#refuse(resends, processed);
  }

  async #resends(): Promise<{ resends: number; processed: number; allowed: number }> {
    const { state, settings } = this.#parts;
    const resends = this.#singles + (await this.#deliveredGroups());
    const { processed } = await state.countRows(settings.connectorId);
    const allowed = Math.max(alwaysAllowedResends, (settings.maxResendPercent / 100) * processed);
    return { resends, processed, allowed };
  }

  #refuse(resends: number, processed: number): never {
    const { connectorId, maxResendPercent } = this.#parts.settings;
    this.#parts.events.emit("run:held", { reason: "resend", ratio: resends / processed });
    throw new ConnectorError(
      "RUN_HELD",
      `${resends} of ${processed} delivered memories would be sent again, more than ${maxResendPercent} %; they were left as they are`,
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

/** A person wants the document again. */
function isAsked({ event }: Transition): boolean {
  return event.type === "upsert" && event.asked === true;
}

/** The row said that the memory was to be looked at again even if its source shows it as before. */
function isRefresh({ row }: Transition): boolean {
  return row.sourceHash === null;
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
