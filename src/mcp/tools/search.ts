import * as z from "zod";
import { connectorIdField, textOf } from "../../operations/fields.ts";
import { listMemories } from "../../operations/memories/list-memories.ts";
import { foundMemory, memorySchema } from "../memory-reference.ts";
import { leading, roomFor } from "../token-budget.ts";
import { tool } from "../tool.ts";

export const instantText = z
  .string()
  .describe("a date such as 2025-01-31, which is the whole day, or a time such as 2025-01-31T18:00:00Z");
export const cursorField = textOf(2000).optional().describe("`cursor` of the result before, to go on");

export const timezoneField = z
  .string()
  .optional()
  .describe("whose days and clocks, such as Europe/Berlin; those of the memories' connector by default");

/** What a result says of what it leaves out. */
export const pageEnd = {
  leftOut: z.string().nullable().describe("what is not in this result, and how to get it"),
  cursor: z.string().nullable().describe("hand it back as `cursor` to go on; null at the end"),
};

/** Which memories. All that is given has to match. */
export const memoryFilter = {
  since: instantText.optional(),
  until: instantText.optional(),
  timezone: timezoneField,
  near: z.string().optional().describe("latitude and longitude such as 38.71,-9.14, or the name of a town"),
  radiusKm: z.number().optional().describe("how far around `near`; 10 by default"),
  place: z.string().optional().describe("a district, town, region or country by its name"),
  person: z.string().optional(),
  tag: z.string().optional(),
};

export const search = tool({
  name: "search",
  title: "Search memories",
  description:
    "Find memories by words, time, place, person or tag, newest first. All that is given has to match; give nothing for the newest. To " +
    "ask a question in plain words, use `ask`.",
  access: "viewer",
  input: {
    text: z.string().optional().describe("words that all have to occur"),
    ...memoryFilter,
    connectorId: connectorIdField.optional(),
    limit: z.int().min(1).max(100).default(20),
    cursor: cursorField,
  },
  output: z.strictObject({
    memories: z.array(memorySchema),
    note: z.string().nullable().describe("where nothing was found: why"),
    ...pageEnd,
  }),
  run: async (context, { maxTokens, cursor, limit, ...filter }) => {
    const ask = (most: number) => context.call(listMemories, { ...filter, limit: most, after: cursor });
    const page = await ask(limit);
    const room = roomFor(maxTokens);
    const found = page.memories.map((entry) => foundMemory(entry, context, Math.min(600, room / 4)));
    const memories = leading(found, room);
    const isCut = memories.length < found.length;
    const next = isCut ? (await ask(memories.length)).next : page.next;
    return {
      memories,
      note: found.length > 0 ? null : (page.note ?? nothing(cursor !== undefined)),
      leftOut:
        next === null ? null : "there are more; hand `cursor` back, or ask for a narrower time or place",
      cursor: next,
    };
  },
});

function nothing(isLaterPage: boolean): string {
  return isLaterPage
    ? "there are no more"
    : "no memory matches all of this; `timeline` shows when there are memories, `status` whether all are in";
}
