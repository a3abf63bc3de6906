import * as z from "zod";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { listConnectors } from "../../operations/connectors/list-connectors.ts";
import { connectorIdField, textOf } from "../../operations/fields.ts";
import { getEntity } from "../../operations/knowledge/get-entity.ts";
import { entityCursor } from "../../state/cursor.ts";
import { entryOf, foundMemory, memorySchema } from "../memory-reference.ts";
import { bytesOf, cut, leading, roomFor } from "../token-budget.ts";
import { type CallOperation, tool } from "../tool.ts";
import { pageEnd } from "./search.ts";

/** Memories that one result looks up. */
const mostMemories = 20;

export const entity = tool({
  name: "entity",
  title: "One entity of the graph",
  description:
    "Show a person, place or thing of the knowledge graph: what is said of it, its relations, and the memories that speak of it. A name that " +
    "does not exist is answered with similar ones.",
  access: "viewer",
  input: {
    name: textOf(500).describe("exact"),
    connectorId: connectorIdField.optional().describe("of whose graph; otherwise each is looked into"),
    cursor: z
      .string()
      .regex(/^\d{1,9}\.\d{1,9}$/, { error: "must be the `cursor` of the result before" })
      .optional()
      .describe("`cursor` of the result before, for further memories"),
  },
  output: z.strictObject({
    name: z.string(),
    type: z.string(),
    description: z.string(),
    relations: z.array(z.strictObject({ with: z.string(), description: z.string() })),
    memories: z.array(memorySchema),
    ...pageEnd,
  }),
  run: async (context, { name, connectorId, cursor = "0.0", maxTokens }) => {
    const { from, skipped } = placeOf(cursor);
    const page = { limit: mostMemories, after: entityCursor.encode({ from }) };
    const view = await inSomeGraph(context.call, { name, connectorId, ...page });
    const room = roomFor(maxTokens);
    const head = {
      name: view.entity.name,
      type: view.entity.type,
      description: cut(view.entity.descriptions.join(" "), room / 4),
    };
    const isFirst = from + skipped === 0;
    const relations = leading(isFirst ? relationsOf(view) : [], room / 3);
    const known = view.memories.flatMap(({ memoryId, contextId }) =>
      memoryId === null ? [] : [{ memoryId, contextId }],
    );
    const looked = known.slice(skipped, skipped + mostMemories);
    const entries = await Promise.all(
      looked.map(({ memoryId, contextId }) => entryOf(context.call, { memoryId, contextId })),
    );
    const found = entries.map((entry) => entry && foundMemory(entry, context, 300));
    const memories = leading(found, room - bytesOf([head, relations]));
    const end = skipped + memories.length;
    const missing = isFirst ? view.counts.relations - relations.length : 0;
    const next = nextPlace({ from, end }, { known: known.length, hasMore: moreMemories(view, from) });
    return {
      ...head,
      relations,
      memories: memories.filter((one) => one !== null),
      leftOut: leftOut(missing, next !== null),
      cursor: next,
    };
  },
});

/** Documents before the page, and memories of the page that were shown before: a document may hold many memories. */
function placeOf(cursor: string): { from: number; skipped: number } {
  const [from = 0, skipped = 0] = cursor.split(".").map(Number);
  return { from, skipped };
}

/** The rest of the page, then the page after it; null at the end. */
function nextPlace(
  { from, end }: { from: number; end: number },
  { known, hasMore }: { known: number; hasMore: boolean },
): string | null {
  if (end < known) return `${from}.${end}`;
  return hasMore ? `${from + mostMemories}.0` : null;
}

/** Further pages may have relations only. */
function moreMemories({ counts, next }: View, from: number): boolean {
  return next !== null && counts.chunks > from + mostMemories;
}

type View = z.output<typeof getEntity.output>;

/** The entity in the graph of the connector, or in the first that has it. Throws `ENTITY_UNKNOWN`. */
async function inSomeGraph(
  call: CallOperation,
  asked: { name: string; connectorId: string | undefined; limit: number; after: string },
): Promise<View> {
  if (asked.connectorId !== undefined) return call(getEntity, asked);
  const { connectors } = await call(listConnectors, {});
  const graphs = [...new Map(connectors.map(({ id, sink }) => [sink, id] as const)).values()];
  if (graphs.length === 0) return call(getEntity, asked);
  let unknown: unknown;
  for (const id of graphs) {
    try {
      return await call(getEntity, { ...asked, connectorId: id });
    } catch (thrown) {
      if (!isConnectorError(thrown, "ENTITY_UNKNOWN")) throw thrown;
      unknown ??= thrown;
    }
  }
  throw unknown;
}

function relationsOf({ entity: { name }, relations }: View) {
  return relations.map(({ source, target, keywords, descriptions }) => ({
    with: cut(source === name ? target : source, 300),
    description: cut(descriptions.join(" ") || keywords.join(", "), 300),
  }));
}

function leftOut(relations: number, hasMemories: boolean): string | null {
  const parts = [
    relations > 0 ? `${plural(relations, "relation")}: ask with a larger \`maxTokens\`` : null,
    hasMemories ? "memories: hand `cursor` back" : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join("; ");
}
