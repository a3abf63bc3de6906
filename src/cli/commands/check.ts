import * as z from "zod";
import type { CheckOptions, CheckResult } from "../../sync/check-connector.ts";
import { printable } from "../../util/printable.ts";
import type { CliIo } from "../cli-io.ts";
import type { CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { configlessOptions } from "../load-config.ts";
import { withApp } from "../with-app.ts";

export const checkCommand: CommandSpec = {
  name: "check",
  summary: "Try both ends of each connector: reachable, key accepted, context there, workspace right",
  details:
    "Delivers nothing and changes nothing. Prints one line for each thing that was tried, as it ends, with what to fix. What does not answer " +
    "within eight seconds is told so. In mode `direct` each model is asked something small.",
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
      const tell = context.asJson ? {} : asItGoes(context.io);
      const checks = (
        await Promise.all(connectors.map((each) => app.check(each, context.io.signal, tell)))
      ).flat();
      const ok = checks.every((check) => check.ok);
      return {
        json: { ok, checks },
        text: "",
        exitCode: ok ? exitCodes.ok : exitCodes.runFailed,
      };
    }),
};

/** Results as they come; what is being tried meanwhile is progress. */
function asItGoes({ writeOut, writeErr }: CliIo): Pick<CheckOptions, "onTry" | "onResult"> {
  return {
    onTry: (connectorId, subject) => writeErr(`${printable(`try   ${connectorId}  ${subject}`)}\n`),
    onResult: (result) => writeOut(`${printable(line(result))}\n`),
  };
}

function line(check: CheckResult): string {
  const head = `${check.ok ? "ok  " : "FAIL"}  ${check.connectorId}  ${check.subject}: `;
  return check.ok ? `${head}${check.message}` : `${head}${check.code}: ${check.message} · ${check.hint}`;
}
