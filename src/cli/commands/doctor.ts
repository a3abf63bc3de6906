import { dirname } from "node:path";
import { Option } from "commander";
import * as z from "zod";
import { AuditLog } from "../../access/audit/audit-log.ts";
import { SecretVault } from "../../access/secrets/secret-vault.ts";
import type { Config } from "../../config/config.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import type { ReadConfig } from "../../config/read-config.ts";
import { ConfigInvalidError, findingText } from "../../config/report/finding.ts";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { plural } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { tryEnds } from "../../operations/connectors/check-connector.ts";
import { checkClock } from "../../operations/doctor/check-clock.ts";
import { checkDisk } from "../../operations/doctor/check-disk.ts";
import { checkNode } from "../../operations/doctor/check-node.ts";
import { checkPermissions } from "../../operations/doctor/check-permissions.ts";
import { checkSecrets } from "../../operations/doctor/check-secrets.ts";
import { checkAudit, checkState } from "../../operations/doctor/check-state.ts";
import {
  type Diagnosis,
  failure,
  fine,
  levels,
  problem,
  warning,
} from "../../operations/doctor/diagnosis.ts";
import { privateFiles } from "../../operations/doctor/private-files.ts";
import { App } from "../../runtime/app.ts";
import { openSnapshot, openState, type StatePlace } from "../../state/open-state.ts";
import type { CheckResult } from "../../sync/check-connector.ts";
import { version } from "../../version.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { readConfiguration } from "../load-config.ts";

export const doctorCommand: CommandSpec = {
  name: "doctor",
  summary: "Look at everything that memory-connector needs, and say what to fix",
  details:
    "Versions, configuration, rights of files, state store, sealed secrets, audit log, room on disks, clocks, and both ends of every enabled " +
    "connector as `check` tries them; in direct mode that reads the whole folder. Changes nothing. Prints one line for each thing. Ends " +
    "with 0 when nothing is broken (there may be warnings), with 1 when something is, with 2 when the configuration cannot be used.",
  options: [configOption(), new Option("--offline", "contact nobody")],
  examples: ["doctor", "doctor --offline", "doctor --json"],
  json: z.strictObject({
    ok: z.boolean().describe("there is no problem"),
    warnings: z.int().min(0),
    problems: z.int().min(0),
    diagnoses: z.array(
      z.strictObject({
        area: z.string(),
        level: z.enum(levels),
        message: z.string(),
        code: z.string().nullable(),
        fix: z.string().nullable(),
      }),
    ),
  }),
  run: async (input, context) => {
    const versions = checkNode(process.versions.node, version);
    const read = readOrRefuse(input, context);
    if (Array.isArray(read)) return resultOf([versions, ...read], exitCodes.badInput);
    const found = [versions, ...configuration(read), ...(await localChecks(read))];
    if (input.options.offline !== true) found.push(...(await bothEnds(read, context.io.signal)));
    const isBroken = found.some(({ level }) => level === "problem");
    return resultOf(found, isBroken ? exitCodes.runFailed : exitCodes.ok);
  },
};

function readOrRefuse(input: CommandInput, context: CommandContext): ReadConfig | Diagnosis[] {
  try {
    return readConfiguration(input, context);
  } catch (thrown) {
    if (!(thrown instanceof ConfigInvalidError)) return [failure("configuration", thrown)];
    return thrown.problems.map((finding) => ({
      ...problem("configuration", findingText({ ...finding, hint: null }), finding.hint ?? thrown.hint),
      code: thrown.code,
    }));
  }
}

function configuration({ source, config, warnings }: ReadConfig): Diagnosis[] {
  const valid = `${source} is valid: ${plural(config.connectors.length, "connector")}`;
  return [
    fine("configuration", valid),
    ...warnings.map((finding) =>
      warning(
        "configuration",
        findingText({ ...finding, hint: null }),
        finding.hint ?? "see docs/configuration.md",
      ),
    ),
  ];
}

/** What can be looked at without asking anybody. */
async function localChecks({ config, files }: ReadConfig): Promise<Diagnosis[]> {
  const { path } = config.state;
  const places = {
    statePath: path,
    logPath: config.logging.file?.path ?? null,
    indexFolders: directFolders(config),
  };
  return [
    ...(await checkPermissions([...files, ...(await privateFiles(places))])),
    ...(await stateChecks(config)),
    ...(await checkDisk([dirname(path), ...directFolders(config)])),
  ];
}

async function stateChecks({ state: { backend, path }, advanced }: Config): Promise<Diagnosis[]> {
  try {
    await requireWhole({ backend, path });
    const state = await openState({ backend, path, readOnly: true });
    try {
      return [
        ...(await checkState(state, path)),
        ...(await checkSecrets(state.connectors, new SecretVault(() => advanced.secrets))),
        await checkAudit(new AuditLog(state.audit, systemClock, maskSecrets)),
      ];
    } finally {
      await state.close();
    }
  } catch (thrown) {
    return [failure("state", thrown)];
  }
}

/** Opening looks at a large state only where it is touched. A state that is not there yet is fine. Throws `STATE_CORRUPT`. */
async function requireWhole(place: StatePlace): Promise<void> {
  try {
    (await openSnapshot(place)).close();
  } catch (thrown) {
    if (!isConnectorError(thrown, "STATE_MISSING")) throw thrown;
  }
}

function directFolders({ connectors }: Config): string[] {
  return connectors.flatMap(({ lightrag }) =>
    lightrag.mode === "direct" ? [lightrag.direct.workingDir] : [],
  );
}

/** Both ends of every enabled connector, those of the state store too, and the clocks of the sources. */
async function bothEnds(read: ReadConfig, signal: AbortSignal): Promise<Diagnosis[]> {
  // What keeps the state from opening has been told already.
  const app = await App.open(read, { readOnly: true }).catch(() => null);
  if (app === null) return [];
  try {
    const enabled = app.connectors.configs().filter((connector) => connector.enabled);
    const found = app.connectors.problems.map((text) => problem("connectors", text, "correct or remove it"));
    const checks = await Promise.all(enabled.map((each) => tryEnds(app, each, signal, { thorough: true })));
    found.push(...checks.flat().map(diagnosisOf));
    for (const url of new Set(enabled.flatMap(({ source }) => source.server ?? []))) {
      found.push(...(await checkClock(url, systemClock, signal)));
    }
    return found;
  } finally {
    await app.close();
  }
}

function diagnosisOf({ connectorId, subject, ok, message, code, hint }: CheckResult): Diagnosis {
  const text = `${connectorId}, ${subject}: ${message}`;
  return { area: "connection", level: ok ? "ok" : levelOf(code), message: text, code, fix: hint };
}

/** A running service holds the folder of its direct mode, as it should; it cannot be read meanwhile. */
function levelOf(code: string | null): Diagnosis["level"] {
  return code === "DIRECT_FOLDER_LOCKED" ? "warning" : "problem";
}

function resultOf(
  diagnoses: readonly Diagnosis[],
  exitCode: CommandResult["exitCode"] & number,
): CommandResult {
  const count = (wanted: Diagnosis["level"]) => diagnoses.filter(({ level }) => level === wanted).length;
  const [warnings, problems] = [count("warning"), count("problem")];
  const sum = `${plural(problems, "problem")}, ${plural(warnings, "warning")}.`;
  return {
    json: { ok: problems === 0, warnings, problems, diagnoses },
    text: [...diagnoses.map(line), sum].join("\n"),
    exitCode,
  };
}

const marks: Readonly<Record<Diagnosis["level"], string>> = { ok: "ok  ", warning: "WARN", problem: "FAIL" };

function line({ area, level, message, code, fix }: Diagnosis): string {
  const what = code === null ? message : `${code}: ${message}`;
  return printable(`${marks[level]}  ${area.padEnd(13)}  ${what}${fix === null ? "" : ` · ${fix}`}`);
}
