import * as z from "zod";
import { plural } from "../../kernel/util/readable.ts";
import { connectorStatus } from "../../operations/connectors/connector-status.ts";
import { listConnectors } from "../../operations/connectors/list-connectors.ts";
import { connectorIdField } from "../../operations/fields.ts";
import { leading, roomFor } from "../token-budget.ts";
import { tool } from "../tool.ts";
import { pageEnd } from "./search.ts";

/** Connectors that one result looks at. */
const mostConnectors = 20;

type Status = z.output<typeof connectorStatus.output>;

export const status = tool({
  name: "status",
  title: "Whether the memories are up to date",
  description:
    "Show each connector: whether it works now, when it was last complete, how many memories are in the graph, waiting or failed, and its " +
    "last and next run.",
  access: "viewer",
  input: {
    connectorId: connectorIdField.optional(),
    cursor: z.int().min(0).optional().describe("`cursor` of the result before, to go on"),
  },
  output: z.strictObject({
    connectors: z.array(
      z.strictObject({
        connectorId: z.string(),
        enabled: z.boolean(),
        activeRun: z.string().nullable().describe("the run that is under way"),
        completeAsOf: z.string().nullable().describe("up to here all memories were seen"),
        memories: z.record(z.string(), z.int()).describe("by status; `processed` are in the graph"),
        lastRun: z.strictObject({ runId: z.string(), outcome: z.string(), startedAt: z.string() }).nullable(),
        nextRunAt: z.string().nullable(),
      }),
    ),
    note: z.string().nullable(),
    ...pageEnd,
    cursor: z.int().nullable(),
  }),
  run: async ({ call }, { connectorId, cursor = 0, maxTokens }) => {
    const from = cursor;
    const all =
      connectorId === undefined
        ? (await call(listConnectors, {})).connectors.map(({ id }) => id)
        : [connectorId];
    const page = all.slice(from, from + mostConnectors);
    const views = await Promise.all(page.map((id) => call(connectorStatus, { connectorId: id })));
    const connectors = leading(views.map(shortOf), roomFor(maxTokens));
    const end = from + connectors.length;
    const left = all.length - end;
    return {
      connectors,
      note: all.length === 0 ? "there is no connector yet; the configuration or the page adds one" : null,
      leftOut: left > 0 ? `${plural(left, "connector")}: hand \`cursor\` back` : null,
      cursor: left > 0 ? end : null,
    };
  },
});

function shortOf({ id, enabled, activeRun, completeAsOf, memories, lastRun, schedule }: Status) {
  const counted = Object.entries(memories).filter(([, count]) => count > 0);
  return {
    connectorId: id,
    enabled,
    activeRun: activeRun?.runId ?? null,
    completeAsOf,
    memories: Object.fromEntries(counted),
    lastRun: lastRun && { runId: lastRun.runId, outcome: lastRun.outcome, startedAt: lastRun.startedAt },
    nextRunAt: schedule.nextRunAt,
  };
}
