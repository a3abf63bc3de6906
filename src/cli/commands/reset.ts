import { Option } from "commander";
import * as z from "zod";
import { cliOrigin } from "../../audit/audit-origin.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import { countSchema } from "../../json/run-json.ts";
import { plural } from "../../util/readable.ts";
import type { CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { withApp } from "../with-app.ts";

export const resetCommand: CommandSpec = {
  name: "reset",
  summary: "Forget what is known of a connector's memories",
  details:
    "Removes the connector's ledger rows and sync state; its history stays, and so does everything in LightRAG. The next sync looks at " +
    "every memory again: documents that LightRAG holds with the same text are adopted without being sent, others are replaced. What was " +
    "erased stays erased.",
  options: [configOption(), connectorOption("the connector to reset"), new Option("--yes", "do not ask")],
  needsConnector: true,
  examples: ["reset personal", "reset --connector-id personal", "reset --connector-id personal --yes"],
  json: z.strictObject({
    connectorId: z.string(),
    forgotten: countSchema,
    staysErased: countSchema.describe("memories that stay erased"),
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: false }, async (app) => {
      const { id } = app.connector(String(input.options.connectorId));
      if (
        input.options.yes !== true &&
        (context.asJson || !(await context.io.confirm(`Forget all memories of "${id}"?`)))
      ) {
        throw new ConnectorError("NOT_CONFIRMED", `nothing was reset for "${id}"`, { subject: id });
      }
      const lock = await app.state.lockConnector(id);
      try {
        const forgotten = await app.state.resetConnector(id);
        const staysErased = await app.state.erasures.count(id);
        const change = { action: "connector.reset", subject: id, after: { forgotten, staysErased } } as const;
        await app.audit.record(cliOrigin(), change);
        return {
          json: { connectorId: id, forgotten, staysErased },
          text: `Forgot ${plural(forgotten, "memory", "memories")} of "${id}". LightRAG is untouched.${erasuresText(staysErased)}`,
        };
      } finally {
        await lock.release();
      }
    }),
};

function erasuresText(staysErased: number): string {
  if (staysErased === 0) return "";
  return `\n${plural(staysErased, "erased memory", "erased memories")} will not come back; \`erase --undo\` allows one again.`;
}
