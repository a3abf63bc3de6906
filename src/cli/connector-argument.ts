import { Argument } from "commander";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { CommandInput, CommandSpec } from "./command.ts";

/**
 * A connector can be named by option or by position: `sync --connector-id personal` and `sync personal` are the same for every
 * command that takes a connector and no other arguments.
 */
export function connectorArgument(spec: CommandSpec): Argument | null {
  return takesConnector(spec) && spec.arguments === undefined
    ? new Argument("[connector-id]", "the same as --connector-id")
    : null;
}

/** The input with the connector among its options, however it was given. Throws `USAGE`. */
export function withConnector(spec: CommandSpec, input: CommandInput): CommandInput {
  if (!takesConnector(spec)) return input;
  const byPlace = spec.arguments === undefined ? input.arguments[0] : undefined;
  const byOption = input.options.connectorId as string | undefined;
  if (byPlace !== undefined && byOption !== undefined && byPlace !== byOption) {
    throw usage(`two connectors are named: "${byPlace}" and "${byOption}"`, "name one");
  }
  const connectorId = byOption ?? byPlace;
  if (connectorId === "") throw usage("the connector's name is empty", "`memory-connector list` names them");
  if (connectorId === undefined && spec.needsConnector === true) {
    const example = `\`memory-connector ${spec.name} CONNECTOR\``;
    throw usage(`nothing says which connector to ${spec.name}`, `name it: ${example}`);
  }
  return {
    arguments: spec.arguments === undefined ? [] : input.arguments,
    options: connectorId === undefined ? input.options : { ...input.options, connectorId },
  };
}

function takesConnector({ options }: CommandSpec): boolean {
  return options.some(({ long }) => long === "--connector-id");
}

function usage(message: string, hint: string): ConnectorError {
  return new ConnectorError("USAGE", message, { hint });
}
