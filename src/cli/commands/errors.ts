import { plural, readableMoment } from "../../kernel/util/readable.ts";
import { listErrors } from "../../operations/errors/list-errors.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { commandOf } from "../operation-command.ts";
import { renderTable } from "../table.ts";

export const errorsCommand = commandOf(listErrors, {
  name: "errors",
  options: [configOption(), connectorOption("only of this connector")],
  examples: ["errors", "errors --connector-id personal --json"],
  input: ({ options }) => ({ connectorId: options.connectorId as string | undefined }),
  text: ({ errors }) => {
    if (errors.length === 0) return "Nothing is wrong with any memory.";
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
    return [`${plural(errors.length, "kind")} of error:`, table, ...remedies].join("\n\n");
  },
});
