import * as z from "zod";
import { connectorIdField } from "../../operations/fields.ts";
import { timeline as countByPeriod } from "../../operations/memories/timeline.ts";
import { leading, roomFor } from "../token-budget.ts";
import { tool } from "../tool.ts";
import { cursorField, instantText, pageEnd, timezoneField } from "./search.ts";

export const timeline = tool({
  name: "timeline",
  title: "Memories over time",
  description:
    "Count memories by day, week or month, newest first, with their most frequent tags, people and places. `search` with " +
    "`firstDay` as `since` and `lastDay` as `until` lists the memories of a period.",
  access: "viewer",
  input: {
    since: instantText.optional(),
    until: instantText.optional(),
    by: z.enum(["day", "week", "month"]).default("day"),
    timezone: timezoneField,
    connectorId: connectorIdField.optional(),
    limit: z.int().min(1).max(100).default(31),
    cursor: cursorField,
  },
  output: z.strictObject({
    periods: countByPeriod.output.shape.periods,
    note: z.string().nullable().describe("where nothing was found: why"),
    ...pageEnd,
  }),
  run: async ({ call }, { maxTokens, cursor, limit, ...asked }) => {
    const ask = (most: number) => call(countByPeriod, { ...asked, limit: most, after: cursor } as never);
    const page = await ask(limit);
    const periods = leading(page.periods, roomFor(maxTokens));
    const next = periods.length < page.periods.length ? (await ask(periods.length)).next : page.next;
    return {
      periods,
      note:
        periods.length > 0
          ? null
          : "no memory with a time lies in this span; `status` says whether all are in",
      leftOut: next === null ? null : "there are older periods; hand `cursor` back",
      cursor: next,
    };
  },
});
