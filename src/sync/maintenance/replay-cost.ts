import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { SpentBudget } from "../../state/record-stores.ts";
import { BudgetForecast, type Forecast } from "../guards/budget-forecast.ts";
import { costOf, type DocumentCost } from "../guards/day-budget.ts";
import { renderDocument } from "../render-document.ts";
import type { DayBudget } from "../sync-settings.ts";

/** What a replay would have a connector send, as far as it can be known before. */
export interface ReplayCost extends Forecast {
  documents: number;
  characters: number;
  estimatedTokens: number;
  /** Documents that are removed from LightRAG, and nothing sent in their place. */
  removals: number;
  /** Memories whose text is made only when the next run reads them or their media again. */
  unknown: number;
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
  readonly #budget: BudgetForecast;
  readonly #cost = { documents: 0, characters: 0, estimatedTokens: 0, removals: 0, unknown: 0 };

  constructor(parts: MeterParts) {
    this.#parts = parts;
    this.#budget = new BudgetForecast(parts.budget, parts.spent);
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
    return { ...this.#cost, ...this.#budget.forecast };
  }

  #addDocument(cost: DocumentCost): void {
    this.#cost.documents += 1;
    this.#cost.characters += cost.characters;
    this.#cost.estimatedTokens += cost.tokens;
    this.#budget.add(cost);
  }
}

/** Where the text is not kept, and something is to be sent once the old document is gone. */
function leadsToInsert({ payload, deleteReason }: LedgerRow): boolean {
  return payload === null && (deleteReason === "update" || deleteReason === "retry");
}
