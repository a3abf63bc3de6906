import * as z from "zod";
import { deadLettersChange } from "../../access/audit/audit-log.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import {
  changeDeadLetters as changeOf,
  type DeadLetterSurvey,
  reachesDeadLetters,
  surveyDeadLetters,
} from "../../sync/maintenance/dead-letters.ts";
import { connectorPartsErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { findRows } from "../memories/memory-rows.ts";
import { operation } from "../operation.ts";
import type { OperationContext, Services } from "../operation-context.ts";
import { connectorsOf, withConnectorLocks } from "../over-connectors.ts";
import { countSchema } from "../runs/run-json.ts";
import { deadLetterFilter, deadLetterFilterFields, memoryIdsField } from "./dead-letter-filter.ts";
import { missedDeadLetter } from "./missed-dead-letters.ts";
import { type Meters, metersOf, replayCostJson, replayCostSchema } from "./replay-cost-json.ts";

/** Limit of the ids in a preview; the count is separate. */
const mostPreviewed = 100;

/** Each of these selects dead letters. */
const choices = ["memoryIds", "contextId", "codes", "since", "until", "status", "all"] as const;

const input = z
  .strictObject({
    connectorId: connectorIdField.optional().describe("only those of this connector"),
    action: z.enum(["replay", "drop"]).describe("try again, or give up until the memory changes"),
    memoryIds: memoryIdsField,
    ...deadLetterFilterFields,
    status: z
      .enum(["dead", "waiting"])
      .optional()
      .describe("`waiting`: audio and pictures that wait to be tried again"),
    all: z.literal(true).optional().describe("needed when nothing else says which"),
    dryRun: z.boolean().default(false).describe("say what would be hit, and change nothing"),
    atMost: z.int().min(0).optional().describe("refuse, and change nothing, when more than so many are hit"),
  })
  .refine((given) => choices.some((key) => given[key] !== undefined), {
    error: "needs memoryIds, contextId, codes, since, until, status or all",
  })
  .meta({ anyOf: choices.map((key) => ({ required: [key] })) });

type Given = z.output<typeof input>;

export const changeDeadLetters = operation({
  name: "dead-letter.change",
  tag: "Dead letters",
  summary: "Replay or drop dead letters by a filter, or say what it would hit",
  details:
    "The next run acts on it. Those that have nothing to send are left alone: only their source can mend them. Reaches audio and " +
    "pictures that their model could not read, and those that wait to be tried again when `memoryIds` names their memories or `status` " +
    "is `waiting`. With `dryRun` the answer counts what would be hit and names the first ids; its `count`, handed back as `atMost`, " +
    "holds the real call to that. Of a replay it says what would be sent, too, and what of it today's budgets would hold back. What a model " +
    "reads and writes about the texts besides is known to nobody before. All connectors are changed or, when one is at work or too many are " +
    "hit, none.",
  access: "admin",
  input,
  output: z.strictObject({
    action: z.enum(["replay", "drop"]),
    dryRun: z.boolean(),
    count: countSchema.describe("memories that are hit"),
    replayed: countSchema,
    dropped: countSchema,
    codes: z
      .array(z.strictObject({ code: z.string(), count: countSchema }))
      .describe("what was wrong with them, the most frequent first"),
    connectors: z
      .array(z.strictObject({ connectorId: z.string(), count: countSchema }))
      .describe("whose memories are hit"),
    cost: replayCostSchema,
    memoryIds: z.array(z.string()).describe("that are hit; with `dryRun` the first 100"),
    missed: z
      .array(
        z.strictObject({ memoryId: z.string(), code: z.string(), message: z.string(), hint: z.string() }),
      )
      .describe("memories that were named and are not hit"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_LOCKED", "DEAD_LETTERS_EXCEEDED", ...connectorPartsErrors],
  changes: ["dead-letters.replay", "dead-letters.drop"],
  run: async (context, given) => {
    const ids = connectorsOf(context.services, given.connectorId).map(({ id }) => id);
    const meters = given.dryRun && given.action === "replay" ? await metersOf(context, ids) : null;
    const hit = given.dryRun
      ? await surveyAll(context, given, ids, meters)
      : await changeAll(context, given, await reachedOf(context, given, ids));
    const memoryIds = [...hit.values()].flatMap((survey) => [...survey.memoryIds]);
    const count = memoryIds.length;
    const changed = (action: Given["action"]) => (action === given.action && !given.dryRun ? count : 0);
    return {
      action: given.action,
      dryRun: given.dryRun,
      count,
      replayed: changed("replay"),
      dropped: changed("drop"),
      codes: codesOf([...hit.values()]),
      connectors: [...hit]
        .filter(([, survey]) => survey.memoryIds.size > 0)
        .map(([connectorId, survey]) => ({ connectorId, count: survey.memoryIds.size })),
      cost: meters && replayCostJson(new Map([...meters].filter(([id]) => hit.has(id)))),
      missed: await missedOf(context.services, given, new Set(memoryIds)),
      memoryIds: given.dryRun ? memoryIds.slice(0, mostPreviewed) : memoryIds,
    };
  },
});

type Surveys = ReadonlyMap<string, DeadLetterSurvey>;

/** The matches by connector; connectors without matches are omitted. */
async function surveyAll(
  { services }: OperationContext,
  given: Given,
  ids: readonly string[],
  meters: Meters | null = null,
): Promise<Surveys> {
  const surveys = new Map<string, DeadLetterSurvey>();
  for (const id of ids) {
    const event = { type: given.action };
    const survey = await surveyDeadLetters(
      services.state,
      id,
      deadLetterFilter(given),
      event,
      meters?.get(id)?.meter,
    );
    if (survey.memoryIds.size > 0) surveys.set(id, survey);
  }
  return surveys;
}

/** Locks only connectors with matches: an active run of another connector does not interfere. */
async function reachedOf(
  { services: { state } }: OperationContext,
  given: Given,
  ids: readonly string[],
): Promise<string[]> {
  const event = { type: given.action };
  const reached: string[] = [];
  for (const id of ids)
    if (await reachesDeadLetters(state, id, deadLetterFilter(given), event)) reached.push(id);
  return reached;
}

/** Holds the locks of all of them, so that the count equals the change. Resolves to the matches. */
async function changeAll(context: OperationContext, given: Given, ids: readonly string[]): Promise<Surveys> {
  const { state } = context.services;
  return withConnectorLocks(state, ids, async () => {
    if (given.atMost !== undefined) requireAtMost(given, given.atMost, await surveyAll(context, given, ids));
    const changed = new Map<string, DeadLetterSurvey>();
    for (const id of ids) changed.set(id, await changeOne(context, given, id));
    return changed;
  });
}

async function changeOne(
  { services, record }: OperationContext,
  given: Given,
  connectorId: string,
): Promise<DeadLetterSurvey> {
  const type = given.action;
  const ledger = await services.ledgerOf(services.connector(connectorId));
  const parts = { state: services.state, ledger };
  const hit = await changeOf(parts, connectorId, deadLetterFilter(given), { type });
  const { change } = deadLettersChange(type, connectorId, [...hit.memoryIds]);
  if (change !== undefined) await record(change);
  return hit;
}

function requireAtMost({ action }: Given, atMost: number, surveys: Surveys): void {
  const count = [...surveys.values()].reduce((sum, { memoryIds }) => sum + memoryIds.size, 0);
  if (count <= atMost) return;
  const message = `${count} dead letters would be hit, and ${atMost} were expected at most; nothing was changed`;
  throw new ConnectorError("DEAD_LETTERS_EXCEEDED", message, { subject: action });
}

function codesOf(surveys: readonly DeadLetterSurvey[]) {
  const counts = new Map<string, number>();
  for (const { codes } of surveys)
    for (const [code, count] of codes) counts.set(code, (counts.get(code) ?? 0) + count);
  return Array.from(counts, ([code, count]) => ({ code, count })).toSorted(
    (a, b) => b.count - a.count || (a.code < b.code ? -1 : 1),
  );
}

/** The reasons for named memories that did not match. */
async function missedOf(
  services: Services,
  { connectorId, contextId, memoryIds = [] }: Given,
  hit: ReadonlySet<string>,
) {
  const missed = memoryIds.filter((id) => !hit.has(id));
  return Promise.all(
    missed.map(async (memoryId) => {
      const name = { connectorId, contextId, memoryId };
      const { code, message, hint } = missedDeadLetter(name, (await findRows(services, name))[0]);
      return { memoryId, code, message, hint };
    }),
  );
}
