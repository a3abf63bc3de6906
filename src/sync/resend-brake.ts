import { ConnectorError } from "../errors/connector-error.ts";
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
  private resends = 0;
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
    if (transition.row.status !== "processed" || transition.event.type === "confirm") return false;
    this.resends += 1;
    if (this.kept.length < mostKept) this.kept.push(transition);
    return true;
  }

  /**
   * Writes what was held back. Resolves to false when it was too much to be kept: then the source has to be read again, and
   * everything passes. Throws `RUN_HELD` when it is more of the ledger than the connector's limit allows.
   */
  async release(): Promise<boolean> {
    await this.judge();
    const isComplete = this.resends === this.kept.length;
    this.isReleased = true;
    if (isComplete) await this.run.ledger.apply(this.kept);
    this.kept = [];
    return isComplete;
  }

  private async judge(): Promise<void> {
    const { state, settings, options, events } = this.run;
    if (this.resends <= fewResends) return;
    const { connectorId, maxResendPercent } = settings;
    const { processed } = await state.countRows(connectorId);
    const ratio = this.resends / processed;
    if (ratio * 100 <= maxResendPercent) return;
    events.emit("run:held", { runId: options.runId, connectorId, reason: "resend", ratio });
    throw new ConnectorError(
      "RUN_HELD",
      `${this.resends} of ${processed} delivered memories would be sent again, more than ${maxResendPercent} %; nothing was sent`,
      { subject: connectorId },
    );
  }
}
