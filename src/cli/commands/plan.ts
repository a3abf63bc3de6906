import * as z from "zod";
import { plural, readableCount } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { planRun } from "../../operations/runs/plan-run.ts";
import type { App } from "../../runtime/app.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { failuresSchema, forEachConnector } from "../each-connector.ts";
import { exitCodes } from "../exit-codes.ts";
import { configlessOptions } from "../load-config.ts";
import { contextOf } from "../operation-command.ts";
import { configOption } from "../options.ts";
import { notDeliveredLines, scopeText } from "../report-text.ts";
import { filterOptions, outdatedOption, selectionOptions, typedFilter } from "../selection.ts";
import { withApp } from "../with-app.ts";

export const planSchema = z.strictObject({ plans: z.array(planRun.output), failures: failuresSchema });

type Plan = z.output<typeof planRun.output>;

export const planCommand: CommandSpec = {
  name: "plan",
  summary: "Print what a sync would send, and send nothing",
  details: "Reads the source and the ledger. Neither LightRAG nor the ledger is touched.",
  options: [
    configOption(),
    ...selectionOptions(),
    outdatedOption(),
    ...filterOptions(),
    ...configlessOptions(),
  ],
  examples: ["plan --connector-id personal-memories", "plan --all --json"],
  json: planSchema,
  operations: [planRun],
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, (app) => planConnectors(app, input, context)),
};

export async function planConnectors(
  app: App,
  input: CommandInput,
  context: CommandContext,
): Promise<CommandResult> {
  const { force, outdated } = input.options;
  const request = { force: force === true, outdated: outdated === true, ...typedFilter(input) };
  const { results: plans, ...rest } = await forEachConnector(app, input, context, ({ id: connectorId }) =>
    planRun.run(contextOf(app, context), { connectorId, ...request }),
  );
  const isWhole = plans.every(({ notFound }) => notFound.length === 0);
  return {
    json: { plans, failures: rest.failures },
    text: plans.map(renderPlan).join("\n\n"),
    exitCode: rest.exitCodeWith(isWhole ? exitCodes.ok : exitCodes.partial),
  };
}

function renderPlan(plan: Plan): string {
  const lines = [
    `${plan.connectorId}: ${plural(plan.documents, "document")} would be sent, ${plural(plan.characters, "character")}, about ${plural(plan.estimatedTokens, "token")}`,
    `  ${plan.fetched} fetched · ${plan.new} new · ${plan.changed} changed · ${plan.unchanged} unchanged · ${plan.skipped} skipped · ${plan.malformed} malformed`,
  ];
  lines.push(...plan.problems.map((problem) => `  cannot be read: ${printable(problem)}`));
  if (plan.queryRange !== "auto") lines.push(`  scope: ${scopeText(plan.queryRange, plan.outside)}`);
  if (plan.notFound.length > 0)
    lines.push(`  not found at the source: ${printable(plan.notFound.join(", "))}`);
  lines.push(...notDeliveredLines(plan.notDelivered.filter(({ reason }) => reason !== "not_found")));
  if (plan.pending > 0)
    lines.push(`  ${plural(plan.pending, "memory", "memories")} cannot be read at the source yet`);
  if (plan.waiting > 0)
    lines.push(`  ${plural(plan.waiting, "memory", "memories")} left over from earlier runs`);
  lines.push(...mediaLines(plan));
  if (plan.outdated > 0)
    lines.push(`  ${plural(plan.outdated, "document stands", "documents stand")} in an older form`);
  if (plan.cost !== null) lines.push(`  cost: about ${plan.cost}, by the price of a million tokens`);
  lines.push(...budgetLines(plan.budget));
  for (const { code, message, hint } of plan.brakes)
    lines.push(`  would be held: ${code}: ${printable(message)}`, `    · ${hint}`);
  if (plan.truncated !== null) lines.push(`  the list is not complete: ${plan.truncated}`);
  return lines.join("\n");
}

const mediaLimits = new Map([
  ["run", "media.max_per_run"],
  ["day", "media.max_per_day"],
  ["documents", "the day's budget of documents"],
]);

function mediaLines({ media, mediaHeld }: Plan): string[] {
  if (media === 0) return [];
  const what = plural(media, "recording or picture has", "recordings and pictures have");
  const held =
    mediaHeld === null
      ? ""
      : `; ${plural(mediaHeld.count, "of them waits", "of them wait")} for later runs, because of ${mediaLimits.get(mediaHeld.limit)}`;
  return [`  ${what} to be read by a model${held}`];
}

function budgetLines(budget: Plan["budget"]): string[] {
  if (budget === null) return [];
  const { left, held, tooLarge } = budget;
  const shares = (["documents", "characters", "tokens"] as const).flatMap((limit) =>
    left[limit] === null ? [] : [`${readableCount(left[limit])} ${limit}`],
  );
  const waits =
    held === 0 ? "all of it has room" : `${plural(held, "document waits", "documents wait")} for later days`;
  return [
    `  budget: ${shares.join(", ")} left today; ${waits}`,
    ...(tooLarge === 0
      ? []
      : [
          `  ${plural(tooLarge, "document is", "documents are")} larger than the budget of a whole day: dead letters`,
        ]),
  ];
}
