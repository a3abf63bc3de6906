import * as z from "zod";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { getMemory } from "../../operations/memories/get-memory.ts";
import { memoryEntities } from "../../operations/memories/memory-entities.ts";
import {
  foundMemory,
  type MemoryKey,
  memoryReference,
  memorySchema,
  parseReference,
} from "../memory-reference.ts";
import { bytesOf, cut, leading, roomFor } from "../token-budget.ts";
import { type ToolContext, tool } from "../tool.ts";

const entity = z.strictObject({ name: z.string(), type: z.string(), description: z.string() });

export const fetch = tool({
  name: "fetch",
  title: "One memory",
  description:
    "Show all that is known of one memory: time, place, words, its document, and the entities it speaks of.",
  access: "viewer",
  input: { id: memoryReference },
  output: z.strictObject({
    memory: memorySchema,
    document: z.strictObject({
      name: z.string(),
      id: z.string().nullable().describe("in LightRAG"),
      error: z.string().nullable().describe("why it is not in the graph"),
    }),
    entities: z.array(entity),
    note: z.string().nullable().describe("where words or entities are missing: why"),
    leftOut: z.string().nullable(),
  }),
  run: async (context, { id, maxTokens }) => {
    const key = parseReference(id);
    const entry = await context.call(getMemory, key);
    const room = roomFor(maxTokens);
    const memory = foundMemory(entry, context, room / 2);
    const { entities: all, problem } = await entitiesOf(context, key);
    const entities = leading(all, room - bytesOf(memory));
    const { error } = entry;
    return {
      memory,
      document: {
        name: entry.fileSource,
        id: entry.documentId,
        error: error && cut(`${error.code}: ${error.message} · ${error.hint}`, 500),
      },
      entities,
      note: noteOf(memory.text, problem, all.length),
      leftOut: leftOut(all.length - entities.length, memory.text !== entry.text),
    };
  },
});

/** The memory is shown even if its graph does not answer. */
async function entitiesOf({ call }: ToolContext, key: MemoryKey) {
  try {
    const { entities } = await call(memoryEntities, key);
    const shown = entities.map(({ name, type, descriptions }) => ({
      name: cut(name, 300),
      type: cut(type, 100),
      description: cut(descriptions.join(" "), 400),
    }));
    return { entities: shown, problem: null };
  } catch (thrown) {
    const { code, message } = toConnectorError(thrown);
    return { entities: [], problem: `${code}: ${message}` };
  }
}

function noteOf(text: string | null, problem: string | null, entities: number): string | null {
  const notes = [
    text === null ? "the ledger keeps no words of memories: `state.keep_text` says how many it may." : null,
    problem === null ? null : `its entities cannot be read now (${cut(problem, 300)}).`,
    problem === null && entities === 0 ? "the graph has no entity of it." : null,
  ].filter((note) => note !== null);
  return notes.length === 0 ? null : notes.join(" ");
}

function leftOut(entities: number, isCut: boolean): string | null {
  const parts = [
    isCut ? "the end of its words" : null,
    entities > 0 ? plural(entities, "entity", "entities") : null,
  ];
  const named = parts.filter((part) => part !== null);
  return named.length === 0 ? null : `${named.join(" and ")}; ask with a larger \`maxTokens\``;
}
