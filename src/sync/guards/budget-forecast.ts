import type { BudgetLimit, SpentBudget } from "../../state/record-stores.ts";
import type { DayBudget } from "../sync-settings.ts";
import { type DocumentCost, exceededLimit, withCost } from "./day-budget.ts";

/** What of some documents today's budget has room for, if nothing else goes before them. */
export interface Forecast {
  /** Documents that it has no room for: they wait for the next day. */
  held: number;
  /** Documents that exceed the budget of a whole day: they become dead letters. */
  tooLarge: number;
}

/** Lets documents pass as a run does, in the order in which they are added: the first that has no room holds back all after it. */
export class BudgetForecast {
  readonly #budget: DayBudget;
  #spent: SpentBudget;
  #isSpentOut = false;
  readonly #forecast: Forecast = { held: 0, tooLarge: 0 };

  /** `spent`: what the connector has spent today. */
  constructor(budget: DayBudget, spent: SpentBudget) {
    this.#budget = budget;
    this.#spent = spent;
  }

  add(cost: DocumentCost): void {
    if (exceededLimit(this.#budget, cost) !== null) this.#forecast.tooLarge += 1;
    else if (this.#isSpentOut || exceededLimit(this.#budget, withCost(this.#spent, cost)) !== null)
      this.#hold();
    else this.#spent = withCost(this.#spent, cost);
  }

  get forecast(): Forecast {
    return { ...this.#forecast };
  }

  #hold(): void {
    this.#isSpentOut = true;
    this.#forecast.held += 1;
  }
}

/** What is left of the day's budget; null where there is no such limit. */
export function leftOfBudget(budget: DayBudget, spent: SpentBudget): Record<BudgetLimit, number | null> {
  const leftOf = (limit: BudgetLimit) =>
    budget[limit] === null ? null : Math.max(0, budget[limit] - spent[limit]);
  return { documents: leftOf("documents"), characters: leftOf("characters"), tokens: leftOf("tokens") };
}
