import { ConnectorError } from "../errors/connector-error.ts";
import { withGroups } from "./groups.ts";
import type { Transition } from "./ledger-writer.ts";
import type { RunContext } from "./run-context.ts";

/** Replacements that are kept in memory until the whole source was read. For more than that it is read once more. */
const mostKept = 200;
/** So few are never more than a person expects. */
const fewResends = 10;

/**
 * Keeps a run from sending most of the ledger again because of a changed template, a new version of this program or a source that
 * shows everything differently: what would replace or remove a delivered document is held back until it is known how much
 * that is. A ledger that nothing was written to can still go back to how things were.
 */
export class ResendBrake {
  private readonly run: RunContext;
  private kept: Transition[] = [];
  private held = 0;
  /** Documents that would be sent again; those of groups by context and key, because several of their notes may change. */
  private singles = 0;
  private readonly groups = new Set<string>();
  private isReleased: boolean;

  constructor(run: RunContext) {
    this.run = run;
    this.isReleased = run.options.force || run.options.acceptResends === true;
  }

  /** Of what the source showed, the part that may be written to the ledger now. */
  pass(transitions: readonly Transition[]): Transition[] {
    if (this.isReleased) return [...transitions];
    return transitions.filter((transition) => !this.hold(transition));
  }

  private hold(transition: Transition): boolean {
    const { row, event } = transition;
    const isDelivered = row.status === "processed" || row.groupKey !== null;
    if (!isDelivered || event.type === "confirm") return false;
    this.held += 1;
    if (row.groupKey === null) this.singles += 1;
    else this.groups.add(JSON.stringify([row.contextId, row.groupKey]));
    if (this.kept.length < mostKept) this.kept.push(transition);
    return true;
  }

  /**
   * Writes what was held back. Resolves to false when it was too much to be kept: then the source has to be read again, and
   * everything passes. Throws `RUN_HELD` when it is more of the ledger than the connector's limit allows.
   */
  async release(): Promise<boolean> {
    await this.judge();
    const isComplete = this.held === this.kept.length;
    this.isReleased = true;
    if (isComplete) await this.run.ledger.apply(await withGroups(this.run, this.kept));
    this.kept = [];
    return isComplete;
  }

  private async judge(): Promise<void> {
    const { state, settings, options, events } = this.run;
    const resends = this.singles + this.groups.size;
    if (resends <= fewResends) return;
    const { connectorId, maxResendPercent } = settings;
    const { processed } = await state.countRows(connectorId);
    const ratio = resends / processed;
    if (ratio * 100 <= maxResendPercent) return;
    events.emit("run:held", { runId: options.runId, connectorId, reason: "resend", ratio });
    throw new ConnectorError(
      "RUN_HELD",
      `${resends} of ${processed} delivered memories would be sent again, more than ${maxResendPercent} %; nothing was sent`,
      { subject: connectorId },
    );
  }
}
