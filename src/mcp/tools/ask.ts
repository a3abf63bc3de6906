import * as z from "zod";
import { plural } from "../../kernel/util/readable.ts";
import { connectorIdField } from "../../operations/fields.ts";
import { queryKnowledge } from "../../operations/knowledge/query-knowledge.ts";
import { linkTo, memorySchema, referenceTo } from "../memory-reference.ts";
import { bytesOf, cut, leading, roomFor } from "../token-budget.ts";
import { type ToolContext, tool } from "../tool.ts";
import { memoryFilter } from "./search.ts";

const source = memorySchema.pick({ time: true, place: true, link: true, text: true }).extend({
  id: z.string().nullable().describe("for `fetch`; null where the ledger does not know the memory"),
});

export const ask = tool({
  name: "ask",
  title: "Ask the memories",
  description:
    "Ask a question in plain words, of all memories or of those of a time, a place, a person or a tag. The answer, where a chat model is set, " +
    "comes with the memories that it rests on; without one, these memories are the answer.",
  access: "viewer",
  input: {
    question: z.string(),
    ...memoryFilter,
    mode: queryKnowledge.input.shape.mode,
    connectorId: connectorIdField.optional().describe("ask the graph of this connector"),
    limit: z.int().min(1).max(50).default(10).describe("how many sources, entities and relations at most"),
  },
  output: z.strictObject({
    answer: z.string().nullable().describe("null without a chat model, and when nothing was found"),
    sources: z.array(source).describe("the likeliest first"),
    entities: z.array(z.string()).describe("names for `entity`"),
    note: z.string().nullable().describe("how far the filter reaches; where nothing was found: why"),
    leftOut: z.string().nullable(),
  }),
  run: async (context, { limit, maxTokens, ...asked }) => {
    const found = await context.call(queryKnowledge, { ...asked, topK: limit });
    const room = roomFor(maxTokens);
    const answer = found.answer && cut(found.answer.text, room / 2);
    const names = found.entities.map(({ name }) => cut(name, 300));
    const entities = names.length === 0 ? [] : leading(names, room / 6);
    const shown = found.sources.map((one) => sourceJson(one, context, room / 6));
    const sources = leading(shown, room - bytesOf([answer, entities]));
    const isCut = answer !== null && answer !== found.answer?.text;
    const isNothing = answer === null && sources.length === 0;
    return {
      answer,
      sources,
      entities,
      note: isNothing ? (found.note ?? nothing) : found.note,
      leftOut: leftOut(isCut, shown.length - sources.length, names.length - entities.length),
    };
  },
});

const nothing =
  "the graph has nothing that bears on this; `search` finds memories by words, `status` says whether all are in";

type Source = z.output<typeof queryKnowledge.output>["sources"][number];

function sourceJson(cited: Source, { pageUrl }: ToolContext, bytes: number): z.output<typeof source> {
  const { connectorId, local, place, snippet } = cited;
  const id = connectorId === null ? null : referenceTo({ ...cited, connectorId });
  return {
    id,
    time: local?.time ?? null,
    place: place && cut(place, 300),
    link: id && linkTo(id, pageUrl),
    text: cut(snippet, bytes),
  };
}

function leftOut(isCut: boolean, sources: number, entities: number): string | null {
  const parts = [
    isCut ? "the end of the answer" : null,
    sources > 0 ? plural(sources, "source") : null,
    entities > 0 ? plural(entities, "entity", "entities") : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `${parts.join(", ")}; ask with a larger \`maxTokens\``;
}
