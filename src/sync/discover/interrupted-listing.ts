import { type Learnt, type LedgerScope, nothingLearnt, type SyncState } from "../../state/state-manager.ts";
import { isFiltered } from "../run-options.ts";
import type { ListingChoice } from "./choose-range.ts";
import type { DiscoverParts } from "./discover-parts.ts";

/**
 * The progress of a long listing, so that the work of an interrupted run is not lost: the next run begins with what has not been
 * shown yet, and then reads the whole list. Only the latter counts as complete, because what had been shown may have changed since.
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

  /** Where an earlier listing of everything was interrupted; null when none was, or when something else is listed. */
  resumeFor(what: ListingChoice): string | null {
    return this.#isWorthIt(what) ? (this.#known?.learnt?.resume ?? null) : null;
  }

  /** Call when everything before this cursor is recorded. */
  async keep(what: ListingChoice, resume: string | undefined): Promise<void> {
    if (resume !== undefined && this.#isWorthIt(what)) await this.#save(resume);
  }

  /** Call at the end of the listing. Resolves to what is to be stored for the context: a position in a longer list is kept. */
  async end(what: ListingChoice, learnt: Learnt): Promise<Learnt> {
    if (!this.#isWorthIt(what)) return learnt;
    if (this.#isKept) await this.#save(undefined);
    const { resume: _, ...rest } = learnt;
    return rest;
  }

  /** A narrower list is short, and a filtered run ingests only what was requested. */
  #isWorthIt({ range, since, ids }: ListingChoice): boolean {
    return (
      range === "all" && since === undefined && ids === undefined && !isFiltered(this.#parts.options.filter)
    );
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
