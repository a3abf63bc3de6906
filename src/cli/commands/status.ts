import * as z from "zod";
import { systemClock } from "../../kernel/util/clock.ts";
import { connectorStatus } from "../../operations/connectors/connector-status.ts";
import { severalSchedulers } from "../../operations/doctor/other-schedulers.ts";
import type { CommandSpec } from "../command.ts";
import { contextOf } from "../operation-command.ts";
import { connectorOption } from "../options.ts";
import { serviceOptions } from "../service-address.ts";
import { serviceSchema, serviceText, viewService } from "../service-view.ts";
import { statusText } from "../status-text.ts";
import { withApp } from "../with-app.ts";

type Status = z.output<typeof connectorStatus.output>;

/** Scripts rely on the schedule as text, with its state in neighbouring fields; in the API it is an object. */
const { schedule: scheduleObject, ...others } = connectorStatus.output.shape;
const statusSchema = z.strictObject({
  ...others,
  schedule: scheduleObject.shape.schedule,
  nextRuns: scheduleObject.shape.nextRuns,
});

function statusJson({ schedule: { schedule, nextRuns }, ...rest }: Status): z.infer<typeof statusSchema> {
  return { ...rest, schedule, nextRuns };
}

export const statusCommand: CommandSpec = {
  name: "status",
  summary: "Show where the connectors stand: schedule, last run, memories, how far they are behind",
  details:
    "What is known of connectors is read from the state store, which a running service keeps up to date. A run under way " +
    "tells what it has settled, its pace over the last minute and the time left, or what it waits for. Circuit breakers are known to " +
    "a running service only, which is asked for them; without one the answer says so.",
  options: [...serviceOptions(), connectorOption("only this connector")],
  examples: ["status", "status --connector-id personal-memories --json"],
  json: z.strictObject({
    connectors: z.array(statusSchema),
    service: serviceSchema,
    schedulers: z
      .array(z.string())
      .describe(
        "the processes that run connectors by their schedules on this state; with a state in a file, one at most is the rule",
      ),
  }),
  operations: [connectorStatus],
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const id = input.options.connectorId;
      const configs = id === undefined ? app.connectors.configs() : [app.connector(String(id))];
      const asked = configs.map((config) =>
        connectorStatus.run(contextOf(app, context), { connectorId: config.id }),
      );
      const connectors = (await Promise.all(asked)) as Status[];
      const service = await viewService(input, context);
      const now = systemClock.now();
      const texts = connectors.map((each) => statusText(each, app.connector(each.id).schedule, now));
      const shown = texts.length === 0 ? ["There are no connectors."] : texts;
      const holders = await app.state.schedulers();
      const several = await severalSchedulers(app.state);
      const told = several === null ? [] : [[several.message, several.fix ?? []].flat().join(" · ")];
      return {
        json: {
          connectors: connectors.map(statusJson),
          service,
          schedulers: holders.map(({ name }) => name),
        },
        text: [...shown, serviceText(service), ...told].join("\n\n"),
      };
    }),
};
