import { type Learnt, type LedgerScope, nothingLearnt, type SyncState } from "../../state/state-manager.ts";
import { isFiltered } from "../run-options.ts";
import type { Asked } from "./choose-range.ts";
import type { DiscoverParts } from "./discover-parts.ts";

/**
 * How far a long listing has come, so that a run that was interrupted is not in vain: the next one begins with what was not shown yet, and
 * then reads the list as a whole. Only that is believed, for what had been shown may have changed since.
 */
export class InterruptedListing {
  readonly #parts: Pick<DiscoverParts, "state" | "options">;
  readonly #scope: LedgerScope;
  readonly #known: SyncState | null;
  #isKept: boolean;

  constructor(parts: Pick<DiscoverParts, "state" | "options">, scope: LedgerScope, known: SyncState | null) {
    this.#parts = parts;
    this.#scope = scope;
    this.#known = known;
    this.#isKept = known?.learnt?.resume !== undefined;
  }

  /** Where an earlier listing of everything was interrupted; null where none was, or something else is asked for. */
  resumeFor(what: Asked): string | null {
    return this.#isWorthIt(what) ? (this.#known?.learnt?.resume ?? null) : null;
  }

  /** What stands before this cursor is written down. */
  async keep(what: Asked, resume: string | undefined): Promise<void> {
    if (resume !== undefined && this.#isWorthIt(what)) await this.#save(resume);
  }

  /** The listing has come to its end. Resolves to what is to be remembered of the context: a place in a longer list stays. */
  async end(what: Asked, learnt: Learnt): Promise<Learnt> {
    if (!this.#isWorthIt(what)) return learnt;
    if (this.#isKept) await this.#save(undefined);
    const { resume: _, ...rest } = learnt;
    return rest;
  }

  /** A narrower list is short, and a filtered run takes up only what it was asked for. */
  #isWorthIt({ range, since }: Asked): boolean {
    return range === "all" && since === undefined && !isFiltered(this.#parts.options.filter);
  }

  async #save(resume: string | undefined): Promise<void> {
    const { resume: _, ...learnt } = this.#known?.learnt ?? nothingLearnt;
    const fresh = { watermark: null, lastCompleteListingAt: null, truncated: null, lastListingCount: null };
    await this.#parts.state.saveSyncState({
      ...fresh,
      ...this.#known,
      ...this.#scope,
      learnt: resume === undefined ? learnt : { ...learnt, resume },
    });
    this.#isKept = resume !== undefined;
  }
}
