import { Option } from "commander";
import * as z from "zod";
import { runJson, runSchema } from "../../json/run-json.ts";
import { readableDuration, readableMoment } from "../../kernel/util/readable.ts";
import type { CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { wholeNumber } from "../option-values.ts";
import { renderTable } from "../table.ts";
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
  json: z.strictObject({ runs: z.array(runSchema), next: z.string().nullable() }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const { connectorId, limit, after } = input.options as {
        connectorId?: string;
        limit: number;
        after?: string;
      };
      if (connectorId !== undefined) app.connector(connectorId);
      const { runs, next } = await app.state.listRuns({ connectorId, limit, after });
      return {
        json: { runs: runs.map(runJson), next },
        text:
          runs.length === 0
            ? "There has been no run yet."
            : `${runsTable(runs)}${next === null ? "" : `\nMore: --after ${next}`}`,
      };
    }),
};

type Runs = Awaited<ReturnType<import("../../state/state-manager.ts").StateManager["listRuns"]>>["runs"];

function runsTable(runs: Runs): string {
  return renderTable(
    ["RUN", "CONNECTOR", "STARTED", "TOOK", "OUTCOME", "FETCHED", "PROCESSED", "FAILED", "DEAD"],
    runs.map((run) => [
      run.runId,
      run.connectorId,
      readableMoment(run.startedAt),
      run.endedAt === null ? "-" : readableDuration(run.endedAt - run.startedAt),
      run.outcome,
      String(run.counts.fetched),
      String(run.counts.processed),
      String(run.counts.failed),
      String(run.counts.dead),
    ]),
  );
}
