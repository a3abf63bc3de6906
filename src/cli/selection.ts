import { Option } from "commander";
import * as z from "zod";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { requireOrderedRange } from "../operations/moments.ts";
import { memoryFilterFields } from "../operations/runs/memory-filter.ts";
import type { App, ConnectorConfig } from "../runtime/app.ts";
import type { CommandInput } from "./command.ts";
import { connectorOption, list, moment } from "./options.ts";

export function selectionOptions(): Option[] {
  return [
    connectorOption("which connector"),
    new Option("--all", "every enabled connector, one after the other"),
  ];
}

export function filterOptions(): Option[] {
  return [
    new Option(
      "--since <time>",
      "only memories recorded at this time or later (RFC 3339, or a date, which is a whole day of the connector's zone)",
    ).argParser(moment),
    new Option("--until <time>", "only memories recorded at this time, on this day or earlier").argParser(
      moment,
    ),
    new Option("--ids <ids...>", "only these memories").argParser(list),
  ];
}

/** Options of a run, wherever it runs. */
export function runWishOptions(): Option[] {
  return [
    new Option("--force", "deliver memories again that LightRAG has already, however old"),
    new Option("--accept-resend", "send even if most of the delivered memories are sent again"),
    new Option(
      "--accept-deletions",
      "believe the source: treat all memories that it does not show now as deleted, without grace",
    ),
    ...filterOptions(),
  ];
}

export function outdatedOption(): Option {
  return new Option(
    "--outdated",
    "memories whose documents this version would write otherwise, however old; the day's budget holds",
  );
}

/** The connectors that a command line names: by id, all enabled ones, or the only enabled one. */
export function selectConnectors(app: App, input: CommandInput): readonly ConnectorConfig[] {
  const { connectorId, all } = input.options;
  if (connectorId !== undefined && all === true) throw usage("--connector-id and --all exclude each other");
  if (connectorId !== undefined) return [app.connector(String(connectorId))];
  const enabled = app.connectors.configs().filter((connector) => connector.enabled);
  if (all === true || enabled.length === 1) return enabled;
  if (enabled.length === 0)
    throw usage("no connector of the configuration is enabled", "enable one, or name one by --connector-id");
  const ids = enabled.map(({ id }) => id).join(", ");
  throw usage(
    `the configuration has ${enabled.length} enabled connectors`,
    `say --all, or --connector-id with one of: ${ids}`,
  );
}

/** Which memories a command line names; what a day is, each connector's zone says. Throws `RANGE_REVERSED`. */
export function typedFilter({ options }: CommandInput) {
  const { since, until, ids } = options;
  const filter = z.object(memoryFilterFields).parse({ since, until, ids });
  requireOrderedRange(filter);
  return filter;
}

function usage(message: string, hint?: string): ConnectorError {
  return new ConnectorError("USAGE", message, hint === undefined ? {} : { hint });
}
