import { Command, CommanderError, Option } from "commander";
import { ConnectorError, systemError, toConnectorError } from "../kernel/errors/connector-error.ts";
import { advice } from "../kernel/errors/request-words.ts";
import { withoutSecretWords } from "../kernel/util/secret-look.ts";
import { printableLines } from "../kernel/util/terminal-text.ts";
import { version } from "../version.ts";
import type { CliIo } from "./cli-io.ts";
import type { CommandResult, CommandSpec } from "./command.ts";
import { logFailure } from "./command-log.ts";
import { commandsFor } from "./commands-for.ts";
import { connectorArgument, withConnector } from "./connector-argument.ts";
import { type ExitCode, exitCodeOfError, exitCodes } from "./exit-codes.ts";
import { layOut } from "./lay-out.ts";
import { asTyped } from "./typed-commands.ts";

/** Runs one command line (without node and script) and resolves to the exit code. Never throws. */
export async function runCommandLine(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const state: { exitCode: ExitCode } = { exitCode: exitCodes.ok };
  const typed = (text: string) => asTyped(text, argv, io.env);
  // Not spread: `cwd` is a getter that throws when the working folder is gone.
  const typing: CliIo = Object.assign(Object.create(io), {
    writeErr: (text: string) => io.writeErr(layOut(typed(text), io.errColumns)),
  });
  const setExitCode = (exitCode: ExitCode) => {
    state.exitCode = exitCode;
  };
  try {
    const program = buildProgram(typing, setExitCode, await commandsFor(argv), typed);
    await program.parseAsync(argv, { from: "user" });
    return state.exitCode;
  } catch (thrown) {
    return report(thrown, argv, typing, typed);
  }
}

/** Rewrites the commands that a text advises, so that they work for this user. */
type Typed = (text: string) => string;

/** The tree of these commands. */
export function buildProgram(
  io: CliIo,
  setExitCode: (exitCode: ExitCode) => void,
  table: readonly CommandSpec[],
  typed: Typed = (text) => text,
): Command {
  const program = new Command("memory-connector")
    .description(
      "Carries memories from a source, such as a Memory API, into a LightRAG knowledge graph, each one proved processed.",
    )
    .version(version)
    .exitOverride()
    .configureOutput(outputOf(io));
  for (const spec of table) program.addCommand(toCommander(spec, { io, setExitCode, typed }));
  return program;
}

interface Surroundings {
  io: CliIo;
  setExitCode: (exitCode: ExitCode) => void;
  typed: Typed;
}

function toCommander(spec: CommandSpec, surroundings: Surroundings): Command {
  const { io, setExitCode, typed } = surroundings;
  const command = new Command(spec.name)
    .summary(spec.summary)
    .description([`${spec.summary}.`, spec.details].filter(Boolean).join("\n\n"))
    .exitOverride()
    .configureOutput(outputOf(io))
    .addHelpText("after", examplesOf(spec));
  for (const child of spec.children ?? []) command.addCommand(toCommander(child, surroundings));
  for (const argument of spec.arguments ?? []) command.addArgument(argument);
  const { run } = spec;
  if (run === undefined) return command;
  const connector = connectorArgument(spec);
  if (connector !== null) command.addArgument(connector);
  for (const option of [...spec.options, jsonOption(), verboseOption()]) command.addOption(option);
  command.action(async () => {
    const options = command.opts();
    const asJson = options.json === true;
    const input = withConnector(spec, { options, arguments: command.args });
    const context = { io, asJson };
    const result = await run(input, context).catch(async (thrown) => {
      await logFailure(input, context, thrown);
      throw thrown;
    });
    const text = asJson ? jsonText(result.json, typed) : shown(result, io, typed);
    if (text !== "") io.writeOut(`${text}\n`);
    if (result.notice !== undefined && !asJson) io.writeErr(`${printableLines(result.notice)}\n`);
    setExitCode(result.exitCode ?? exitCodes.ok);
  });
  return command;
}

/** A result as printed for a person. */
function shown({ text, isDocument }: CommandResult, { columns }: CliIo, typed: Typed): string {
  return printableLines(isDocument === true ? text : layOut(typed(text), columns));
}

function jsonText(json: unknown, typed: Typed): string {
  const asAdvised = (key: string, value: unknown) =>
    typeof value === "string" && advice.has(key) ? typed(value) : value;
  return JSON.stringify(json, asAdvised, 2);
}

/** `report` prints commander's errors; its stderr is only left with the help of an incomplete command. */
function outputOf({ writeOut, columns }: CliIo) {
  const getOutHelpWidth = () => Math.max(40, columns ?? 80);
  return {
    writeOut,
    writeErr: writeOut,
    outputError: () => undefined,
    getOutHelpWidth,
    getErrHelpWidth: getOutHelpWidth,
  };
}

export function jsonOption(): Option {
  return new Option("--json", "print one JSON document on stdout instead of text; its shape is a contract");
}

export function verboseOption(): Option {
  return new Option("--verbose", "print the causes of an error as well");
}

function examplesOf(spec: CommandSpec): string {
  if (spec.examples.length === 0) return "";
  return `\nExamples:\n${spec.examples.map((example) => `  $ memory-connector ${example}`).join("\n")}\n`;
}

function report(thrown: unknown, argv: readonly string[], io: CliIo, typed: Typed): ExitCode {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0 || thrown.code === "commander.help") return exitCodes.ok;
    return show(usageError(thrown), argv, io, typed);
  }
  return show(systemError(thrown) ?? toConnectorError(thrown), argv, io, typed);
}

/** Commander's message without its prefix, and without a key that was typed where something else belongs. */
function usageError(error: CommanderError): ConnectorError {
  const message = error.message.replace(/^error: /u, "").replace(/\s*\n\s*/gu, " ");
  return new ConnectorError("USAGE", withoutSecretWords(message));
}

function show(error: ConnectorError, argv: readonly string[], io: CliIo, typed: Typed): ExitCode {
  if (argv.includes("--json")) {
    const { code, message, hint, subject } = error;
    const told = { error: { code, message, hint, ...(subject === undefined ? {} : { subject }) } };
    io.writeOut(`${jsonText(told, typed)}\n`);
  }
  io.writeErr(`${printableLines(error.format())}\n`);
  if (argv.includes("--verbose")) io.writeErr(printableLines(causesOf(error)));
  return exitCodeOfError(error);
}

function causesOf(error: Error): string {
  let text = "";
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    text += `  because ${cause.name}: ${cause.message}\n`;
  }
  return text;
}
