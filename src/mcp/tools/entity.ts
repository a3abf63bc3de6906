import * as z from "zod";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { listConnectors } from "../../operations/connectors/list-connectors.ts";
import { connectorIdField, textOf } from "../../operations/fields.ts";
import { getEntity } from "../../operations/knowledge/get-entity.ts";
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
    cursor: z.int().min(0).optional().describe("`cursor` of the result before, for further memories"),
  },
  output: z.strictObject({
    name: z.string(),
    type: z.string(),
    description: z.string(),
    relations: z.array(z.strictObject({ with: z.string(), description: z.string() })),
    memories: z.array(memorySchema),
    ...pageEnd,
    cursor: z.int().nullable().describe("hand it back as `cursor` for further memories; null at the end"),
  }),
  run: async (context, { name, connectorId, cursor = 0, maxTokens }) => {
    const asked = { name: name, connectorId: connectorId };
    const view = await inSomeGraph(context.call, asked);
    const room = roomFor(maxTokens);
    const head = {
      name: view.entity.name,
      type: view.entity.type,
      description: cut(view.entity.descriptions.join(" "), room / 4),
    };
    const from = cursor;
    const relations = leading(from > 0 ? [] : relationsOf(view), room / 3);
    const known = view.memories.flatMap(({ memoryId, contextId }) =>
      memoryId === null ? [] : [{ memoryId, contextId }],
    );
    const page = known.slice(from, from + mostMemories);
    const entries = await Promise.all(
      page.map(({ memoryId, contextId }) => entryOf(context.call, { memoryId: memoryId, contextId })),
    );
    const found = entries.map((entry) => entry && foundMemory(entry, context, 300));
    const memories = leading(found, room - bytesOf([head, relations]));
    const end = from + memories.length;
    const missing = from > 0 ? 0 : view.relations.length - relations.length;
    const next = end < known.length ? end : null;
    return {
      ...head,
      relations,
      memories: memories.filter((one) => one !== null),
      leftOut: leftOut(missing, known.length - end),
      cursor: next,
    };
  },
});

type View = z.output<typeof getEntity.output>;

/** The entity in the graph of the connector, or in the first that has it. Throws `ENTITY_UNKNOWN`. */
async function inSomeGraph(
  call: CallOperation,
  { name, connectorId }: { name: string; connectorId: string | undefined },
): Promise<View> {
  if (connectorId !== undefined) return call(getEntity, { name, connectorId });
  const { connectors } = await call(listConnectors, {});
  const graphs = [...new Map(connectors.map(({ id, sink }) => [sink, id] as const)).values()];
  if (graphs.length === 0) return call(getEntity, { name });
  let unknown: unknown;
  for (const id of graphs) {
    try {
      return await call(getEntity, { name, connectorId: id });
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

function leftOut(relations: number, memories: number): string | null {
  const parts = [
    relations > 0 ? `${plural(relations, "relation")}: ask with a larger \`maxTokens\`` : null,
    memories > 0 ? `${plural(memories, "memory", "memories")}: hand \`cursor\` back` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join("; ");
}
