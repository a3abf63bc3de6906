import type { ConnectorStatus, RunPlan } from "../../connectors/connector.ts";
import { count, counted } from "../../words/numbers.ts";

/** What a run would do, in numbers. */
export function planFacts(plan: RunPlan): [string, string][] {
  const facts: [string, number][] = [
    ["Would read", plan.fetched],
    ["New", plan.new],
    ["Changed", plan.changed],
    ["Unchanged", plan.unchanged],
    ["Left over", plan.waiting],
    ...(plan.outdated === 0 ? [] : ([["Of an older form", plan.outdated]] as [string, number][])),
    ["Documents", plan.documents],
    ["Tokens, estimated", plan.estimatedTokens],
  ];
  return facts.map(([label, value]) => [label, count(value)]);
}

/** How it fits the day's budget, and that nothing has happened yet. */
export function budgetNote(
  { estimatedTokens, truncated, mediaHeld }: RunPlan,
  budget: ConnectorStatus["budget"],
): string {
  const left = budget?.tokens.limit == null ? null : Math.max(0, budget.tokens.limit - budget.tokens.spent);
  const fits =
    left === null
      ? []
      : estimatedTokens <= left
        ? [`Fits today’s budget: ${count(estimatedTokens)} of the ${counted(left, "token")} that are left.`]
        : [
            `More than today’s budget: ${counted(left, "token is", "tokens are")} left, the rest waits for tomorrow.`,
          ];
  const cut = truncated === null ? [] : [`The source’s list was not complete: ${truncated}.`];
  const media =
    mediaHeld === null
      ? []
      : [
          `${counted(mediaHeld.count, "recording or picture waits", "recordings and pictures wait")} for later runs to be read.`,
        ];
  return [...fits, ...media, ...cut, "Nothing has been sent yet."].join(" ");
}
