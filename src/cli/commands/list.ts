import { Option } from "commander";
import * as z from "zod";
import { type LedgerStatus, unfinishedIn } from "../../domain/ledger-row.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { readableCount } from "../../kernel/util/readable.ts";
import { listConnectors } from "../../operations/connectors/list-connectors.ts";
import type { App } from "../../runtime/app.ts";
import type { CommandSpec } from "../command.ts";
import { renderTable } from "../lay-out.ts";
import { contextOf } from "../operation-command.ts";
import { wholeNumber } from "../options.ts";
import { serviceOptions } from "../service-address.ts";
import { serviceSchema, serviceText, viewService } from "../service-view.ts";
import { agoText, nextRunText, scheduleText } from "../status-text.ts";
import { withApp } from "../with-app.ts";

const columns = [
  "CONNECTOR",
  "ENABLED",
  "CONTEXTS",
  "SCHEDULE",
  "NEXT RUN",
  "LAST RUN",
  "IN FLIGHT",
  "COMPLETE AS OF",
  "DESCRIPTION",
];

type Listed = z.output<typeof listConnectors.output>["connectors"][number];

/** Scripts rely on null for a connector without a description. */
const listedSchema = listConnectors.output.shape.connectors.element.extend({
  description: z.string().nullable(),
});

export const listCommand: CommandSpec = {
  name: "list",
  summary: "List the connectors: those of the configuration and those made through the API",
  details: "What is in flight is read from the state store; `status` says more of each.",
  options: [
    ...serviceOptions(),
    new Option("--runs <n>", "with --json: how many of each connector's last runs").argParser(
      wholeNumber(0, 100),
    ),
  ],
  examples: ["list", "list --json"],
  json: z.strictObject({ connectors: z.array(listedSchema), service: serviceSchema }),
  operations: [listConnectors],
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const { connectors } = await listConnectors.run(contextOf(app, context), {
        runs: Number(input.options.runs ?? 0),
      });
      const service = await viewService(input, context);
      const now = systemClock.now();
      const rows = connectors.map((each) => cells(app, each as Listed, now));
      return {
        json: {
          connectors: connectors.map((each) => ({ ...each, description: each.description || null })),
          service,
        },
        text: `${renderTable(columns, rows)}\n\n${serviceText(service)}`,
      };
    }),
};

function cells(app: App, listed: Listed, now: number): string[] {
  const { id, enabled, contextIds, lastRun, completeAsOf } = listed;
  const waiting = unfinishedIn(listed.memories as Record<LedgerStatus, number>);
  const truncated = listed.isTruncated ? " (list cut off)" : "";
  return [
    id,
    enabled ? "yes" : "no",
    contextIds.join(", "),
    scheduleText(app.connector(id).schedule),
    enabled ? nextRunText(listed) : "-",
    lastRun === null ? "never" : `${lastRun.outcome}, ${agoText(lastRun.startedAt, now)}`,
    String(listed.inFlight),
    `${completeAsOf === null ? "-" : agoText(completeAsOf, now)}${waiting === 0 ? "" : `, ${readableCount(waiting)} wait`}${truncated}`,
    listed.description,
  ];
}
