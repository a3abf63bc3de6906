import { Option } from "commander";
import type * as z from "zod";
import type { ReadConfig } from "../../config/read-config.ts";
import { plural } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { configurationProblems } from "../../operations/doctor/check-configuration.ts";
import { checkMachine, checkVersions } from "../../operations/doctor/check-machine.ts";
import { diagnose, sumUp } from "../../operations/doctor/diagnose.ts";
import type { Diagnosis } from "../../operations/doctor/diagnosis.ts";
import { App } from "../../runtime/app.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { readConfiguration } from "../load-config.ts";
import { contextOf } from "../operation-command.ts";
import { configOption } from "../options.ts";

type Found = z.output<typeof diagnose.output>;

export const doctorCommand: CommandSpec = {
  name: "doctor",
  summary: diagnose.summary,
  details:
    "Versions, configuration, rights of files, state store, sealed secrets, audit log, room on disks, clocks, and both ends of every enabled " +
    "connector as `check` tries them; in direct mode that reads the whole folder. Changes nothing. Prints one line for each thing. Ends " +
    "with 0 when nothing is broken (there may be warnings), with 1 when something is, with 2 when the configuration cannot be used.",
  options: [configOption(), new Option("--offline", "contact nobody")],
  examples: ["doctor", "doctor --offline", "doctor --json"],
  json: diagnose.output,
  operations: [diagnose],
  run: async (input, context) => {
    const read = readOrRefuse(input, context);
    if (Array.isArray(read)) return resultOf(sumUp([checkVersions(), ...read]), exitCodes.badInput);
    const found = await look(read, input.options.offline === true, context);
    return resultOf(found, found.ok ? exitCodes.ok : exitCodes.runFailed);
  },
};

function readOrRefuse(input: CommandInput, context: CommandContext): ReadConfig | Diagnosis[] {
  try {
    return readConfiguration(input, context);
  } catch (thrown) {
    return configurationProblems(thrown);
  }
}

async function look(read: ReadConfig, offline: boolean, context: CommandContext): Promise<Found> {
  // The reason why the state cannot be opened is among the checks that do not need it.
  const app = await App.open(read, { readOnly: true }).catch(() => null);
  if (app === null) return sumUp(await checkMachine(read));
  try {
    return await diagnose.run(contextOf(app, context), { offline });
  } finally {
    await app.close();
  }
}

function resultOf(found: Found, exitCode: ExitCode): CommandResult {
  const sum = `${plural(found.problems, "problem")}, ${plural(found.warnings, "warning")}.`;
  return { json: found, text: [...found.diagnoses.map(diagnosisLine), sum].join("\n"), exitCode };
}

const marks: Readonly<Record<Diagnosis["level"], string>> = { ok: "ok  ", warning: "WARN", problem: "FAIL" };

export function diagnosisLine({ area, level, message, code, fix }: Diagnosis): string {
  const what = code === null ? message : `${code}: ${message}`;
  return printable(`${marks[level]}  ${area.padEnd(13)}  ${what}${fix === null ? "" : ` · ${fix}`}`);
}
