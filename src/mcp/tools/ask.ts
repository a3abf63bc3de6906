import * as z from "zod";
import { connectorIdField } from "../../operations/fields.ts";
import { queryKnowledge } from "../../operations/knowledge/query-knowledge.ts";
import { entryOf, foundMemory, memorySchema } from "../memory-reference.ts";
import { bytesOf, cut, leading, roomFor } from "../token-budget.ts";
import { type CallOperation, tool } from "../tool.ts";

type Chunk = z.output<typeof queryKnowledge.output>["chunks"][number];

export const ask = tool({
  name: "ask",
  title: "Ask the memories",
  description:
    "Ask a question in plain words. The answer, where a chat model is set, comes with the memories that it rests on; without one, these " +
    "memories are the answer.",
  access: "viewer",
  input: {
    question: z.string(),
    mode: queryKnowledge.input.shape.mode,
    connectorId: connectorIdField.optional().describe("ask the graph of this connector"),
    limit: z.int().min(1).max(50).default(10).describe("how many sources, entities and relations at most"),
  },
  output: z.strictObject({
    answer: z.string().nullable().describe("null without a chat model, and when nothing was found"),
    sources: z.array(memorySchema).describe("the likeliest first"),
    entities: z.array(z.string()).describe("names for `entity`"),
    note: z.string().nullable().describe("where nothing was found: why"),
    leftOut: z.string().nullable(),
  }),
  run: async (context, { question, mode, connectorId, limit, maxTokens }) => {
    const found = await context.call(queryKnowledge, {
      ...{ question: question, topK: limit },
      ...(mode !== undefined && { mode: mode as "mix" }),
      ...(connectorId !== undefined && { connectorId: connectorId }),
    });
    const room = roomFor(maxTokens);
    const answer = found.answer && cut(found.answer.text, room / 2);
    const names = found.entities.map(({ name }) => cut(name, 300));
    const entities = names.length === 0 ? [] : leading(names, room / 6);
    const all = await sourcesOf(context.call, found.chunks, connectorId);
    const shown = all.map(({ entry, text }) => foundMemory(entry, context, room / 6, text));
    const sources = leading(shown, room - bytesOf([answer, entities]));
    const isCut = answer !== null && answer !== found.answer?.text;
    return {
      answer,
      sources,
      entities,
      note: answer === null && sources.length === 0 ? nothing : null,
      leftOut: leftOut(isCut, all.length - sources.length, names.length - entities.length),
    };
  },
});

const nothing =
  "the graph has nothing that bears on this; `search` finds memories by words, `status` says whether all are in";

/** The memories of the chunks, each once, with the words that were found. */
async function sourcesOf(call: CallOperation, chunks: readonly Chunk[], connectorId: string | undefined) {
  const words = new Map(
    chunks
      .toReversed()
      .flatMap(({ text, memory: { memoryIds, contextId } }) =>
        memoryIds.map((memoryId) => [JSON.stringify([contextId, memoryId]), { memoryId, contextId, text }]),
      ) as [string, { memoryId: string; contextId: string | null; text: string }][],
  );
  const named = [...words.values()].toReversed();
  const entries = await Promise.all(named.map((one) => entryOf(call, { ...one, connectorId })));
  return named.flatMap(({ text }, index) => {
    const entry = entries[index];
    return entry ? [{ entry, text }] : [];
  });
}

function leftOut(isCut: boolean, sources: number, entities: number): string | null {
  const parts = [
    isCut ? "the end of the answer" : null,
    sources > 0 ? `${sources} sources` : null,
    entities > 0 ? `${entities} entities` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `${parts.join(", ")}; ask with a larger \`maxTokens\``;
}
