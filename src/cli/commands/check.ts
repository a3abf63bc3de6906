import { printable } from "../../kernel/util/terminal-text.ts";
import { checkConnector } from "../../operations/connectors/check-connector.ts";
import type { App } from "../../runtime/app.ts";
import type { CheckResult } from "../../sync/check-connector.ts";
import type { CliIo } from "../cli-io.ts";
import { exitCodes } from "../exit-codes.ts";
import { printNow } from "../lay-out.ts";
import { configlessOptions } from "../load-config.ts";
import { commandOf } from "../operation-command.ts";
import { configOption, connectorOption } from "../options.ts";
import { diagnosisLine } from "./doctor.ts";

export const checkCommand = commandOf(checkConnector, {
  name: "check",
  summary: "Try both ends of each connector: reachable, key accepted, context there, workspace right",
  details:
    "Where the state is in a database, its server is looked at as `doctor` does. Delivers nothing and changes nothing. Prints one line for each thing that was tried, as it ends, with what to fix. What does not answer " +
    "within eight seconds is told so. In mode `direct` each model is asked something small.",
  options: [configOption(), connectorOption("only this connector"), ...configlessOptions()],
  examples: ["check", "check --connector-id personal-memories --json"],
  input: ({ options }) => ({ connectorId: options.connectorId as string | undefined }),
  watch: tellAsItGoes,
  text: () => "",
  exitCode: ({ ok }) => (ok ? exitCodes.ok : exitCodes.runFailed),
});

/** Prints results as they arrive; the check in progress is shown as progress. */
function tellAsItGoes({ events }: App, io: CliIo): void {
  events.on("check:try", ({ connectorId, subject }) =>
    io.writeErr(`${printable(`try   ${connectorId}  ${subject}`)}\n`),
  );
  events.on("check:result", (result) => printNow(io, line(result)));
  events.on("check:database", (found) => printNow(io, diagnosisLine(found)));
}

function line(check: CheckResult): string {
  const head = `${check.ok ? "ok  " : "FAIL"}  ${check.connectorId}  ${check.subject}: `;
  return check.ok ? `${head}${check.message}` : `${head}${check.code}: ${check.message} · ${check.hint}`;
}
