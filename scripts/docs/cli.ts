import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Option } from "commander";
import * as z from "zod";
import type { CommandSpec } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { jsonOption, verboseOption } from "../../src/cli/program.ts";
import { code, fenced, generatedNote, page, table } from "./markdown.ts";

const introduction = `\`memory-connector COMMAND …\`, from a checkout \`npm run -s cli -- COMMAND …\`. This page is made from the commands.

Results go to stdout; progress, notices, warnings and errors go to stderr.

## Exit codes

| code | meaning |
| --- | --- |
| 0 | everything asked for was done; for \`sync\`: every memory is proved processed |
| 1 | the run failed, or \`check\` found something wrong |
| 2 | bad usage or configuration; nothing was started |
| 3 | partial: some memories failed, are dead letters, or the source's list was cut off |
| 130 | cancelled, or ended before its work had |

The code is the command's own whatever becomes of its output. A reader that has gone (\`… | head\`, a closed pipe) changes nothing: \`sync\` goes on to
its end. Only a result that could not be written, as on a full disk, makes a 0 a 1, with \`OUTPUT_NOT_WRITTEN\` on stderr.

## Signals

The first SIGINT or SIGTERM asks a command to stop at the next safe place, at any moment of it. The second is the system's own end, whatever the
command hangs in: 130 or 143 in a shell, 128 and the number of the signal. \`serve\` cuts its runs short at the second and is ended by the third.
Whatever hangs, a command ends 35 s after the first signal, \`serve\` five seconds after \`advanced.shutdown_timeout\` or five seconds after the
second signal. What was sent is taken up by the next start. SIGHUP makes \`serve\` open its log file anew, for logrotate, and read its
configuration again; it counts during the start, too, and is no end. In a checkout, SIGTERM to npm reaches the command that it runs.

Ctrl-C and Ctrl-D at a question (\`init\`, \`erase\`, \`reset\`) end the command with 130. Everything is asked before anything is changed, so nothing was.

## How a run ended

\`success\` and \`partial\` have done all that they could; a \`partial\` one has left something behind. \`failed\` (an error of the whole run, its time limit)
and \`cancelled\` (a person, a signal, a service that stops) ended before that. Of what is left, \`failed\` counts what was tried and not delivered,
\`unproved\` what LightRAG has accepted and not confirmed, \`waiting\` what the run did not come to or put off. The next run goes on with all of it.

\`interrupted\` is a run whose process is gone: killed, crashed, without power. The system's own lock shows that at the moment of a look, so every command and
the API say so at once, with \`RUN_INTERRUPTED\`; the record itself is corrected by the next run. It ends at the last sign of its life, which is written every few
seconds.

## Colours

Only the text logs of a terminal have any. \`logging.console.colorize: false\` says no. Otherwise the first of these decides that is there: \`FORCE_COLOR\`
(\`0\` and \`false\` say no), \`NO_COLOR\`, \`TERM=dumb\`, and whether stderr is a terminal. Files never have colours.

## Connectors

A command that takes a connector takes it by its place or by the option: \`sync personal\` is \`sync --connector-id personal\`. Commands with other words
(\`query\`, \`export\`, \`dead-letters show\`) have the option alone.

## Errors

An error is one line on stderr: \`CODE: what happened · what to do\`. [errors.md](errors.md) has every code. \`--verbose\` adds its causes.

## The JSON contract

With \`--json\`, stdout is exactly one JSON document. [cli-json.md](cli-json.md) has its shape for each command as a JSON schema, which holds to these rules:
within a major version no field is removed, renamed or given another meaning; new fields may be added, so read by name and ignore what
you do not know. Times are RFC 3339 in UTC, durations are milliseconds and say so in their name. A failure is
\`{"error": {"code", "message", "hint", "subject"?}}\` with the exit code above.`;

/** The page of all commands. */
export function renderCli(): string {
  return page([
    "# Command line",
    generatedNote("src/cli/commands"),
    introduction,
    "## Commands",
    contents(),
    ...everyCommand((spec, heading, name) => section(spec, heading, name)),
  ]);
}

/** The page of what `--json` prints, as JSON schemas. */
export function renderCliJson(): string {
  return page([
    "# What `--json` prints",
    generatedNote("src/cli/commands"),
    "The shapes of the [command line](cli.md)'s answers, as JSON schemas.",
    ...everyCommand((spec, heading) => (spec.json === undefined ? [] : [heading, jsonContract(spec.json)])),
  ]);
}

function everyCommand(render: (spec: CommandSpec, heading: string, name: string) => string[]): string[] {
  return commands.flatMap((spec) => [
    ...render(spec, `## ${spec.name}`, spec.name),
    ...(spec.children ?? []).flatMap((child) =>
      render(child, `### ${spec.name} ${child.name}`, `${spec.name} ${child.name}`),
    ),
  ]);
}

/** Each command with its line, leading to its section. */
function contents(): string {
  return commands.map(({ name, summary }) => `- [${name}](#${name}): ${summary}`).join("\n");
}

function section(spec: CommandSpec, heading: string, name: string): string[] {
  const parts = [heading, `${spec.summary}.`];
  if (spec.details !== undefined) parts.push(spec.details);
  if (spec.run !== undefined) parts.push(optionsTable(spec));
  if (spec.examples.length > 0) {
    parts.push(fenced("bash", spec.examples.map((line) => `memory-connector ${line}`).join("\n")));
  }
  if (spec.run !== undefined) parts.push(fenced("text", sampleOf(name)));
  return parts;
}

/** What the command printed in `test/integration/samples-of-commands.test.ts`, which fails when it would print something else, or has not run it. */
function sampleOf(name: string): string {
  const path = join(import.meta.dirname, "samples", `${name}.txt`);
  return readFileSync(path, "utf8").trimEnd();
}

function optionsTable(spec: CommandSpec): string {
  const names = (spec.arguments ?? []).map((argument) => [
    code(`<${argument.name()}>`),
    argument.description,
  ]);
  const options = [...spec.options, jsonOption(), verboseOption()].map((option) => [
    code(option.flags),
    meaning(option),
  ]);
  return table(["option", "meaning"], [...names, ...options]);
}

function meaning(option: Option): string {
  const standard =
    option.defaultValue === undefined || option.negate ? "" : `default ${code(String(option.defaultValue))}`;
  const notes = [option.mandatory ? "needed" : "", standard].filter(Boolean);
  return notes.length === 0 ? option.description : `${option.description} (${notes.join(", ")})`;
}

/** Readers are to ignore fields that they do not know, so the strictness of the schema is not part of the contract. */
function jsonContract(schema: z.ZodType): string {
  const shape = z.toJSONSchema(schema);
  const shown = JSON.stringify(
    shape,
    (key, value) => (key === "$schema" || key === "additionalProperties" ? undefined : value),
    1,
  );
  return fenced("json", shown);
}
