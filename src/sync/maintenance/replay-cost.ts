import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { SpentBudget } from "../../state/record-stores.ts";
import { costOf, type DocumentCost, exceededLimit, withCost } from "../guards/day-budget.ts";
import { renderDocument } from "../render-document.ts";
import type { DayBudget } from "../sync-settings.ts";

/** What a replay would have a connector send, as far as it can be known before. */
export interface ReplayCost {
  documents: number;
  characters: number;
  estimatedTokens: number;
  /** Documents that are removed from LightRAG, and nothing sent in their place. */
  removals: number;
  /** Memories whose text is made only when the next run reads them or their media again. */
  unknown: number;
  /** Documents that exceed the budget of a whole day: they become dead letters again. */
  tooLarge: number;
  /** Documents that today's budget has no room for, if nothing else is sent before them. */
  held: number;
}

interface MeterParts {
  transformer: Pick<MemoryTransformer, "write">;
  budget: DayBudget;
  /** What the connector has spent today. */
  spent: SpentBudget;
}

/** Adds up what is replayed, row by row and newest memory first, in the order in which a budget lets them pass. */
export class ReplayMeter {
  readonly #parts: MeterParts;
  #spent: SpentBudget;
  #isSpentOut = false;
  readonly #cost: ReplayCost = {
    ...{ documents: 0, characters: 0, estimatedTokens: 0 },
    ...{ removals: 0, unknown: 0, tooLarge: 0, held: 0 },
  };

  constructor(parts: MeterParts) {
    this.#parts = parts;
    this.#spent = parts.spent;
  }

  addRow(row: LedgerRow): void {
    const written = renderDocument(this.#parts, row);
    if (written?.kind === "document") this.#addDocument(costOf(written.text));
    else if (leadsToInsert(row)) this.#cost.unknown += 1;
    else if (row.documentId !== null) this.#cost.removals += 1;
  }

  /** Its memory is read again, and sent with what the model says of it. */
  addMedium(): void {
    this.#cost.unknown += 1;
  }

  get cost(): ReplayCost {
    return { ...this.#cost };
  }

  #addDocument(cost: DocumentCost): void {
    this.#cost.documents += 1;
    this.#cost.characters += cost.characters;
    this.#cost.estimatedTokens += cost.tokens;
    const { budget } = this.#parts;
    if (exceededLimit(budget, cost) !== null) this.#cost.tooLarge += 1;
    else if (this.#isSpentOut || exceededLimit(budget, withCost(this.#spent, cost)) !== null) this.#hold();
    else this.#spent = withCost(this.#spent, cost);
  }

  /** The first that has no room holds back all after it. */
  #hold(): void {
    this.#isSpentOut = true;
    this.#cost.held += 1;
  }
}

/** Where the text is not kept, and something is to be sent once the old document is gone. */
function leadsToInsert({ payload, deleteReason }: LedgerRow): boolean {
  return payload === null && (deleteReason === "update" || deleteReason === "retry");
}
