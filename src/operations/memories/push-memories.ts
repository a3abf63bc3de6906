import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import { type PushedChange, type PushOutcome, pushOutcomes } from "../../domain/pushed-memory.ts";
import { ConnectorError, remedyOf } from "../../kernel/errors/connector-error.ts";
import { metadata, stripMetadata } from "../../kernel/settings/metadata.ts";
import { isMap } from "../../kernel/settings/rules.ts";
import { isWellFormed } from "../../kernel/util/decode/json.ts";
import { plural } from "../../kernel/util/readable.ts";
import { pushedDeletion, pushedItem, toPushedMemory } from "../../sources/push/pushed-item.ts";
import { connectorIdField, textOf } from "../fields.ts";
import { type InputProblem, readInput } from "../input-problems.ts";
import { operation } from "../operation.ts";
import type { OperationContext, Services } from "../operation-context.ts";
import { countSchema } from "../runs/run-json.ts";
import { following, whatFollows } from "../runs/what-follows.ts";

/** So many are taken at once. */
export const mostPushed = 5_000;

const results = [...pushOutcomes.filter((outcome) => outcome !== "erased"), "invalid"] as const;
type Result = (typeof results)[number];

const scopeFields = {
  connectorId: connectorIdField,
  contextId: textOf(500).optional().describe("the context; needed where the connector has several"),
};

const shownAs = (form: z.ZodType) =>
  z.toJSONSchema(form, {
    io: "input",
    unrepresentable: "any",
    metadata,
    override: ({ zodSchema, jsonSchema }) => stripMetadata(zodSchema, jsonSchema),
  });

function itemsField() {
  const { $schema: _, ...memory } = shownAs(pushedItem);
  const { $schema: __, ...deletion } = shownAs(pushedDeletion);
  const item = { anyOf: [memory, deletion] };
  return z
    .unknown()
    .meta({ anyOf: [memory, deletion, { type: "array", items: item, maxItems: mostPushed }] });
}

const next = z
  .enum(following)
  .describe(
    "what brings them on: a run that begins by itself, `resume` of the paused connector, or a `sync`",
  );

const itemError = z.strictObject({ code: z.string(), message: z.string(), hint: z.string() });

const scopeErrors = [
  "CONNECTOR_UNKNOWN",
  "CONNECTOR_DISABLED",
  "CONNECTOR_TAKES_NO_PUSH",
  "PUSH_CONTEXT_UNCLEAR",
] as const;

export const pushMemories = operation({
  name: "memory.push",
  tag: "Connectors",
  summary: "Send memories to a connector",
  details:
    "For programs without a list to read: one memory or several, to a connector with `source: { type: push }`. They are durable before " +
    "the answer, which says of each what became of it; one that is invalid costs no other. The same id again is the same memory: the same " +
    "content changes nothing, and so does one whose `updated_at` is earlier than that of the form which is there, or that was signed earlier. `deleted: true` says that " +
    "one is gone. The connector runs soon afterwards, once for however many were sent; while it is paused, they wait.",
  access: "admin",
  input: z.strictObject({ ...scopeFields, items: itemsField() }),
  output: z.strictObject({
    connectorId: z.string(),
    contextId: z.string(),
    counts: z.strictObject(
      Object.fromEntries(results.map((result) => [result, countSchema])) as Record<
        Result,
        typeof countSchema
      >,
    ),
    results: z
      .array(
        z.strictObject({
          id: z.string().nullable().describe("null where it has none that can be read"),
          result: z.enum(results),
          error: itemError.nullable().describe("why it was not taken"),
        }),
      )
      .describe("in the order in which they were sent"),
    next,
  }),
  errors: [...scopeErrors, "PUSH_TOO_MANY"],
  changes: ["connector.push"],
  run: async (context, { items, ...named }) => {
    const scope = scopeOf(context.services, named);
    const given = Array.isArray(items) ? items : [items];
    if (given.length > mostPushed) throw tooMany(given.length);
    const read = given.map(readItem);
    const outcomes = await take(
      context,
      scope,
      read.flatMap((item) => ("change" in item ? item.change : [])),
    );
    const rest = outcomes.values();
    const answers = read.map((item) =>
      "change" in item ? answerOf(item.id, rest.next().value as PushOutcome) : item,
    );
    const counts = countsOf(answers);
    return {
      ...scope,
      counts,
      results: answers,
      next: await whatFollows(context.services, scope.connectorId),
    };
  },
});

export const withdrawMemory = operation({
  name: "memory.withdraw",
  tag: "Connectors",
  summary: "Say that a memory that was sent is gone",
  details:
    "As an item with `deleted: true`. What follows for its document is said by `on_delete`. Its text is removed from the state. To remove a " +
    "memory everywhere at once, and for good, erase it.",
  access: "admin",
  input: z.strictObject({ ...scopeFields, memoryId: textOf(500).describe("the memory") }),
  output: z.strictObject({
    connectorId: z.string(),
    contextId: z.string(),
    memoryId: z.string(),
    result: z.enum(["deleted", "unchanged"]).describe("`unchanged`: no such memory is there"),
    next,
  }),
  errors: scopeErrors,
  changes: ["connector.push"],
  run: async (context, { memoryId, ...named }) => {
    const scope = scopeOf(context.services, named);
    const [outcome] = await take(context, scope, [{ deleted: memoryId }]);
    const result: "deleted" | "unchanged" = outcome === "deleted" ? "deleted" : "unchanged";
    return { ...scope, memoryId, result, next: await whatFollows(context.services, scope.connectorId) };
  },
});

interface Scope {
  connectorId: string;
  contextId: string;
}

/** Recorded by counts alone: what was sent is nobody's business but the reader's of the memories. */
async function take(
  { services, clock, record, signed }: OperationContext,
  scope: Scope,
  changes: readonly PushedChange[],
): Promise<PushOutcome[]> {
  if (changes.length === 0) return [];
  if (signed?.isAgain === true) return changes.map(() => "unchanged");
  const isSigned = signed !== undefined;
  const outcomes = await services.state.pushed.take(scope, changes, signed?.at ?? clock.now(), { isSigned });
  const { contextId, connectorId } = scope;
  const changed = { accepted: 0, updated: 0, deleted: 0 };
  for (const outcome of outcomes) if (outcome in changed) changed[outcome as keyof typeof changed] += 1;
  if (Object.values(changed).some((count) => count > 0))
    await record({ action: "connector.push", subject: connectorId, after: { contextId, ...changed } });
  return outcomes;
}

/** Where it belongs. Throws the `scopeErrors`. */
function scopeOf(
  services: Pick<Services, "connector">,
  { connectorId, contextId }: { connectorId: string; contextId?: string | undefined },
): Scope {
  const connector = services.connector(connectorId);
  const subject = connectorId;
  if (connector.source.type !== "push") {
    const message = `connector "${connectorId}" fetches its memories: ${connector.source.title}`;
    throw new ConnectorError("CONNECTOR_TAKES_NO_PUSH", message, { subject });
  }
  if (!connector.enabled)
    throw new ConnectorError("CONNECTOR_DISABLED", `connector "${connectorId}" is switched off`, { subject });
  return { connectorId, contextId: contextOf(connector, contextId) };
}

function contextOf({ id, contextIds }: ConnectorConfig, named: string | undefined): string {
  const [only] = contextIds;
  if (named === undefined && only !== undefined && contextIds.length === 1) return only;
  if (named !== undefined && contextIds.includes(named)) return named;
  const all = contextIds.join(", ");
  const message =
    named === undefined
      ? `connector "${id}" has several contexts: ${all}`
      : `connector "${id}" has no context "${named}"; it has ${all}`;
  throw new ConnectorError("PUSH_CONTEXT_UNCLEAR", message, { subject: id });
}

function tooMany(count: number): ConnectorError {
  const message = `${plural(count, "memory", "memories")} came at once; ${mostPushed} are taken`;
  return new ConnectorError("PUSH_TOO_MANY", message);
}

interface Answer {
  id: string | null;
  result: Result;
  error: z.output<typeof itemError> | null;
}

function readItem(item: unknown): Answer | { id: string; change: PushedChange } {
  if (!isWellFormed(item)) return invalid(item, "it holds an unpaired surrogate, which is no character");
  if (isMap(item) && item.deleted === true) {
    const read = readInput(pushedDeletion, item);
    if (!read.success) return invalid(item, describe(read.problems));
    return { id: read.data.id, change: { deleted: read.data.id } };
  }
  const read = readInput(pushedItem, item);
  if (!read.success) return invalid(item, describe(read.problems));
  return { id: read.data.id, change: { memory: toPushedMemory(read.data) } };
}

const shownProblems = 5;

function describe(problems: readonly InputProblem[]): string {
  const shown = problems.slice(0, shownProblems).map(({ path, reason, hint }) => {
    const where = path.length === 0 ? "" : `${path.join(".")}: `;
    return `${where}${reason}${hint === null ? "" : `; ${hint}`}`;
  });
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${plural(more, "problem")} more`] : [])].join(". ");
}

function invalid(item: unknown, message: string): Answer {
  const id = isMap(item) && typeof item.id === "string" && item.id.isWellFormed() ? item.id : null;
  const hint = "correct it and send it again; the others of the same request were taken";
  return { id, result: "invalid", error: { code: "MEMORY_MALFORMED", message, hint } };
}

function answerOf(id: string, outcome: PushOutcome): Answer {
  if (outcome !== "erased") return { id, result: outcome, error: null };
  const message = "it was erased, and is not taken up again";
  const hint = remedyOf("MEMORY_ERASED").command;
  return { id, result: "invalid", error: { code: "MEMORY_ERASED", message, hint } };
}

function countsOf(answers: readonly Answer[]): Record<Result, number> {
  const counts = { accepted: 0, updated: 0, unchanged: 0, deleted: 0, invalid: 0 };
  for (const { result } of answers) counts[result] += 1;
  return counts;
}
