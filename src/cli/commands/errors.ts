import { Option } from "commander";
import type * as z from "zod";
import { plural, readableMoment } from "../../kernel/util/readable.ts";
import { printable, shellWord } from "../../kernel/util/terminal-text.ts";
import { listErrors } from "../../operations/errors/list-errors.ts";
import { renderTable } from "../lay-out.ts";
import { commandOf } from "../operation-command.ts";
import { configOption, connectorOption, list, moment } from "../options.ts";

export const errorsCommand = commandOf(listErrors, {
  name: "errors",
  options: [
    configOption(),
    connectorOption("only of this connector"),
    new Option("--context <id>", "only of this context"),
    new Option("--code <code,…>", "only these error codes").argParser(list),
    new Option("--since <time>", "only what failed last at this time, on this day (UTC) or later").argParser(
      moment,
    ),
    new Option(
      "--until <time>",
      "only what failed last at this time, on this day (UTC) or earlier",
    ).argParser(moment),
  ],
  examples: ["errors", "errors --connector-id personal --since 2025-01-31 --json"],
  input: ({ options }) => {
    const {
      connectorId,
      context: contextId,
      code: codes,
      since,
      until,
    } = options as Given & {
      context?: string;
      code?: string[];
    };
    return { connectorId, contextId, codes, since, until };
  },
  text: ({ errors, failing }) => {
    const runs = failing.map(failingText);
    if (errors.length === 0) return ["Nothing is wrong with any memory.", ...runs].join("\n\n");
    const table = renderTable(
      ["CODE", "COUNT", "DEAD", "FIRST", "LAST", "CONNECTORS", "FOR EXAMPLE"],
      errors.map(({ code, count, deadLetters, firstAt, lastAt, connectors, examples }) => [
        code,
        String(count),
        String(deadLetters),
        readableMoment(Date.parse(firstAt)),
        readableMoment(Date.parse(lastAt)),
        connectors.join(", "),
        examples.map(({ memoryId }) => memoryId).join(", "),
      ]),
    );
    const remedies = errors.map(
      ({ code, meaning, remedy }) => `${code}: ${meaning}\n  What to do: ${remedy}`,
    );
    const [{ code: most }] = errors as [(typeof errors)[number]];
    remedies.push(`The memories behind a count: memory-connector memories --code ${most}`);
    return [`${plural(errors.length, "kind")} of error:`, table, ...remedies, ...runs].join("\n\n");
  },
});

function failingText({ connectorId, failedRuns, lastAt, code, message, hint }: Failing): string {
  const since = failedRuns === 1 ? "Its last run" : `Each of its last ${plural(failedRuns, "run")}`;
  return [
    `Connector ${printable(connectorId)} cannot do its work. ${since} failed, the last one ${readableMoment(Date.parse(lastAt))}:`,
    `  ${code}: ${printable(message)}\n  What to do: ${printable(hint)}`,
    `  More of it: memory-connector status --connector-id ${shellWord(connectorId)}`,
  ].join("\n");
}

type Failing = z.output<typeof listErrors.output>["failing"][number];

type Given = z.input<typeof listErrors.input>;
