import * as z from "zod";
import type { ConnectorParts } from "../../parts-builder.ts";
import { type CheckResult, checkConnector } from "../../sync/check-connector.ts";
import type { CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { configlessOptions } from "../load-config.ts";
import { withApp } from "../with-app.ts";

export const checkCommand: CommandSpec = {
  name: "check",
  summary: "Try both ends of each connector: reachable, key accepted, context there, workspace right",
  details:
    "Delivers nothing. Prints one line for each thing that was tried, with what to fix. In mode `direct` each model is asked something small.",
  options: [configOption(), connectorOption("only this connector"), ...configlessOptions()],
  examples: ["check", "check --connector-id personal-memories --json"],
  json: z.strictObject({
    ok: z.boolean(),
    checks: z.array(
      z.strictObject({
        connectorId: z.string(),
        subject: z.string(),
        ok: z.boolean(),
        message: z.string(),
        code: z.string().nullable(),
        hint: z.string().nullable(),
      }),
    ),
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const id = input.options.connectorId;
      const connectors = id === undefined ? app.connectors.configs() : [app.connector(String(id))];
      const checks: CheckResult[] = [];
      for (const connector of connectors) {
        const check = (parts: ConnectorParts) => checkConnector(parts, connector, context.io.signal);
        checks.push(...(await app.withParts(connector, check)));
      }
      const ok = checks.every((check) => check.ok);
      return {
        json: { ok, checks },
        text: checks.map(line).join("\n"),
        exitCode: ok ? exitCodes.ok : exitCodes.runFailed,
      };
    }),
};

function line(check: CheckResult): string {
  const head = `${check.ok ? "ok  " : "FAIL"}  ${check.connectorId}  ${check.subject}: `;
  return check.ok ? `${head}${check.message}` : `${head}${check.code}: ${check.message} · ${check.hint}`;
}
