import { Option } from "commander";
import type * as z from "zod";
import { readableDuration, readableMoment } from "../../kernel/util/readable.ts";
import { connectorHistory, listRuns } from "../../operations/runs/run-history.ts";
import type { CommandSpec } from "../command.ts";
import { longerList } from "../in-pages.ts";
import { renderTable } from "../lay-out.ts";
import { contextOf } from "../operation-command.ts";
import { configOption, connectorOption, wholeNumber } from "../options.ts";
import { withApp } from "../with-app.ts";

export const historyCommand: CommandSpec = {
  name: "history",
  summary: "List the runs of the past, newest first",
  options: [
    configOption(),
    connectorOption("only the runs of this connector"),
    new Option("--limit <n>", "how many runs").argParser(wholeNumber(1, 10_000)).default(20),
    new Option("--after <cursor>", "go on from the `next` of an earlier answer"),
  ],
  examples: ["history", "history --connector-id personal --limit 5 --json"],
  json: listRuns.output,
  operations: [listRuns, connectorHistory],
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const { connectorId, limit, after } = input.options as {
        connectorId?: string;
        limit: number;
        after?: string;
      };
      const opened = contextOf(app, context);
      const { runs, next } =
        connectorId === undefined
          ? await longerList(listRuns, "runs").run(opened, { limit, after })
          : await longerList(connectorHistory, "runs").run(opened, { connectorId, limit, after });
      return {
        json: { runs, next },
        text:
          runs.length === 0
            ? "There has been no run yet."
            : `${runsTable(runs as Run[])}${next === null ? "" : `\nMore: --after ${next}`}`,
      };
    }),
};

type Run = z.output<typeof listRuns.output>["runs"][number];

function runsTable(runs: readonly Run[]): string {
  return renderTable(
    ["RUN", "CONNECTOR", "STARTED", "TOOK", "OUTCOME", "FETCHED", "PROCESSED", "FAILED", "DEAD"],
    runs.map((run) => [
      run.runId,
      run.connectorId,
      readableMoment(Date.parse(run.startedAt)),
      tookText(run),
      outcomeText(run),
      String(run.counts.fetched),
      String(run.counts.processed),
      String(run.counts.failed),
      String(run.counts.dead),
    ]),
  );
}

function outcomeText({ outcome, progress }: Run): string {
  const { done = null, left = null } = progress ?? {};
  return done === null || left === null ? outcome : `${outcome}, ${done} of ${done + left}`;
}

/** When a run ended that lost its process nobody knows. */
function tookText({ startedAt, endedAt, outcome }: Run): string {
  if (endedAt === null) return "-";
  const took = readableDuration(Date.parse(endedAt) - Date.parse(startedAt));
  return outcome === "interrupted" ? `over ${took}` : took;
}
