import { localTime } from "../../documents/local-time.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { BudgetLimit, PerConnector, SpentBudget } from "../../state/record-stores.ts";
import type { DayBudget } from "../sync-settings.ts";
import { estimateTokens } from "./estimate-tokens.ts";

const limits: readonly BudgetLimit[] = ["documents", "characters", "tokens"];

export function isLimited(budget: DayBudget): boolean {
  return limits.some((limit) => budget[limit] !== null);
}

/** The limit that a cost exceeds; null when it fits. */
export function exceededLimit(budget: DayBudget, cost: DocumentCost): BudgetLimit | null {
  return limits.find((limit) => cost[limit] > (budget[limit] ?? Number.POSITIVE_INFINITY)) ?? null;
}

/** What the connector has spent today, in its time zone. */
export async function spentToday(
  store: PerConnector<SpentBudget>,
  { connectorId, timezone }: { connectorId: string; timezone: string },
  clock: Pick<Clock, "now">,
): Promise<SpentBudget> {
  const day = localTime(new Date(clock.now()).toISOString(), timezone).date;
  const spent = await store.get(connectorId);
  if (spent?.day === day) return spent;
  return { connectorId, day, documents: 0, characters: 0, tokens: 0, spentOut: null };
}

/** How many documents may still be sent today, as far as that is known before they are written. */
export async function documentsLeftToday(
  store: PerConnector<SpentBudget>,
  settings: { connectorId: string; timezone: string; budget: DayBudget },
  clock: Pick<Clock, "now">,
): Promise<number> {
  const { budget } = settings;
  if (!isLimited(budget)) return Number.POSITIVE_INFINITY;
  const spent = await spentToday(store, settings, clock);
  const smallest = { documents: 1, characters: 1, tokens: 1 };
  if (spent.spentOut !== null || exceededLimit(budget, withCost(spent, smallest)) !== null) return 0;
  return (budget.documents ?? Number.POSITIVE_INFINITY) - spent.documents;
}

export function withCost(spent: SpentBudget, cost: DocumentCost): SpentBudget {
  return {
    ...spent,
    documents: spent.documents + cost.documents,
    characters: spent.characters + cost.characters,
    tokens: spent.tokens + cost.tokens,
  };
}

/** The cost of a document. */
export interface DocumentCost {
  documents: number;
  characters: number;
  tokens: number;
}

export function costOf(text: string): DocumentCost {
  return { documents: 1, characters: text.length, tokens: estimateTokens(text) };
}
