import * as z from "zod";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { getMemory } from "../../operations/memories/get-memory.ts";
import { memoryDocument, textOrigins } from "../../operations/memories/memory-document.ts";
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
      text: z.string().nullable().describe("as it went to LightRAG, or will go"),
      from: z.enum(textOrigins).nullable().describe("who keeps the text; `source` makes it again"),
      note: z.string().nullable().describe("why there is no text, or in what it differs from what was sent"),
    }),
    entities: z.array(entity),
    note: z.string().nullable().describe("where words or entities are missing: why"),
    leftOut: z.string().nullable(),
  }),
  run: async (context, { id, maxTokens }) => {
    const key = parseReference(id);
    const entry = await context.call(getMemory, key);
    const room = roomFor(maxTokens);
    const document = await context.call(memoryDocument, key);
    const memory = foundMemory(entry, context, room / 4);
    const text = document.text && cut(document.text, room / 2);
    const { error } = entry;
    const shown = {
      name: entry.fileSource,
      id: entry.documentId,
      error: error && cut(`${error.code}: ${error.message} · ${error.hint}`, 500),
      text,
      from: document.origin,
      note: document.note && cut(document.note, 500),
    };
    const { entities: all, problem } = await entitiesOf(context, key);
    const entities = leading(all, room - bytesOf([memory, shown]));
    const missing = [
      ...(memory.text === entry.text ? [] : ["the end of its words"]),
      ...(text === document.text ? [] : ["the end of its document"]),
    ];
    return {
      memory,
      document: shown,
      entities,
      note: noteOf(memory.text ?? text, problem, all.length),
      leftOut: leftOut(all.length - entities.length, missing),
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

function leftOut(entities: number, missing: readonly string[]): string | null {
  const parts = [...missing, ...(entities > 0 ? [plural(entities, "entity", "entities")] : [])];
  return parts.length === 0 ? null : `${parts.join(" and ")}; ask with a larger \`maxTokens\``;
}
