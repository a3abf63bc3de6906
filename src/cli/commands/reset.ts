import { Option } from "commander";
import { plural } from "../../kernel/util/readable.ts";
import { resetConnector } from "../../operations/connectors/reset-connector.ts";
import { commandOf } from "../operation-command.ts";
import { configOption, connectorOption } from "../options.ts";

export const resetCommand = commandOf(resetConnector, {
  name: "reset",
  options: [configOption(), connectorOption("the connector to reset"), new Option("--yes", "do not ask")],
  needsConnector: true,
  examples: ["reset personal", "reset --connector-id personal", "reset --connector-id personal --yes"],
  input: ({ options }) => ({ connectorId: String(options.connectorId) }),
  confirm: ({ connectorId: subject }) => ({
    question: `Forget all memories of "${subject}"?`,
    refused: `nothing was reset for "${subject}"`,
    subject,
  }),
  text: ({ connectorId, forgotten, staysErased }) =>
    `Forgot ${plural(forgotten, "memory", "memories")} of "${connectorId}". LightRAG is untouched.${erasuresText(staysErased)}`,
});

function erasuresText(staysErased: number): string {
  if (staysErased === 0) return "";
  return `\n${plural(staysErased, "erased memory", "erased memories")} will not come back; \`erase --undo\` allows one again.`;
}
