import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Argument, Option } from "commander";
import * as z from "zod";
import { readConfig } from "../../config/read-config.ts";
import { ConnectorError, isConnectorError, systemReason } from "../../kernel/errors/connector-error.ts";
import { path, timeZone } from "../../kernel/settings/types.ts";
import { isKnownCharset } from "../../kernel/util/decode/charset.ts";
import { makeFolders } from "../../kernel/util/make-folders.ts";
import { plural } from "../../kernel/util/readable.ts";
import { printable, shellWord } from "../../kernel/util/terminal-text.ts";
import { runJson, runSchema } from "../../operations/runs/run-json.ts";
import { App } from "../../runtime/app.ts";
import type { GuessedSource } from "../../runtime/guess-source.ts";
import { chatOfCopy } from "../../sources/files/presets/whatsapp.ts";
import { fileFormats } from "../../sources/files/settings.ts";
import { ordinaryRun } from "../../sync/run-options.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { exitCodeOfRuns } from "../exit-codes.ts";
import { section } from "../findings-text.ts";
import { addImport, earlierImport, type ImportedSource, importConfigFile } from "../import/import-folder.ts";
import { adviceInOptions, type Found, foundSchema, lookAtSource } from "../import/look-at-source.ts";
import { olderThan } from "../import/older-export.ts";
import { sameExport } from "../import/same-export.ts";
import { settingOption } from "../options.ts";
import { ProgressView } from "../progress-view.ts";
import { renderReport } from "../report-text.ts";
import { typedCommand } from "../typed-commands.ts";

/** What is said for standard input. */
const standardInput = "-";

/** From standard input no more is taken. */
const maxInputBytes = 256 * 1024 * 1024;

export const importCommand: CommandSpec = {
  name: "import",
  summary: "Bring a file or a folder into a graph of its own, without a configuration",
  details:
    "Tells what it is (notes, recordings with captions, JSON Lines, JSON, a table, an export of WhatsApp, Telegram, ChatGPT, Claude, Day One, Google Keep, jrnl or " +
    "MCP's server-memory), says what is in it, and syncs it once into a LightRAG folder in this process, with the built-in models: no key, no network. " +
    "Done again, it carries what is new. The folder holds a whole configuration to go on with.",
  arguments: [new Argument("<what>", "a file, a folder, or - for standard input")],
  options: [
    settingOption(
      "--into <folder>",
      "where graph, state and configuration are",
      path(),
      "name a folder such as ./memories",
    ).default("./memories"),
    new Option("--format <name>", "what the file is, where it is not to be guessed").choices(fileFormats),
    settingOption(
      "--timezone <zone>",
      "zone of times that say none (default: this machine's)",
      timeZone(),
      "one is like Europe/Lisbon",
    ),
    settingOption(
      "--encoding <name>",
      "how files are written that are not in UTF-8",
      z.string().refine(isKnownCharset, { error: "must be an encoding" }),
      "one is like windows-1252",
    ),
    new Option("--date-order <order>", "what comes first in WhatsApp's dates").choices([
      "day_first",
      "month_first",
      "year_first",
    ]),
    new Option("--without-time <what>", "what becomes of items without a time").choices([
      "refuse",
      "first_seen",
    ]),
    new Option("--older", "let an export take the place of a newer one of the same"),
    new Option("--dry-run", "say what is in it, and write nothing"),
  ],
  examples: [
    "import ./vault",
    "import ./notes.csv --dry-run",
    "import ./notes.csv --encoding windows-1252",
    "import ./_chat.txt --format whatsapp --date-order day_first",
  ],
  json: z.strictObject({
    found: foundSchema,
    continues: z
      .string()
      .nullable()
      .describe("where the same export was imported from before, under another name or at another place"),
    older: z
      .string()
      .nullable()
      .describe("why it would take away what the export at `continues` has; null where it would not"),
    run: runSchema.nullable().describe("null with --dry-run"),
    config: z.string().nullable().describe("the configuration to go on with; null with --dry-run"),
  }),
  run: async (input, context) => {
    const into = resolve(context.io.cwd, String(input.options.into));
    if (input.options.dryRun !== true)
      return bring(input, { into, inputFolder: join(into, "input") }, context);
    // What is looked at alone is kept nowhere.
    const inputFolder = await mkdtemp(join(tmpdir(), "memory-connector-import-"));
    try {
      return await bring(input, { into, inputFolder }, context);
    } finally {
      await rm(inputFolder, { recursive: true, force: true });
    }
  },
};

/** Looks at what is to be imported, and syncs it unless it is only to be looked at. */
async function bring(
  input: CommandInput,
  place: { into: string; inputFolder: string },
  context: CommandContext,
): Promise<CommandResult> {
  const { io } = context;
  const { into } = place;
  const imported = await sourceOf(input, place, context);
  const look = await lookAtSource(imported, io.signal).catch((thrown: unknown) => {
    throw inOptions(thrown);
  });
  const { found: seen, marks } = look;
  const isInput = input.arguments[0] === standardInput;
  const found = {
    ...seen,
    // What is looked at alone is not there any more when that is told.
    ...(isInput && input.options.dryRun === true && { path: standardInput }),
  };
  if (found.memories === 0) throw holdsNothing(found);
  const same = await sameExport(into, imported, marks);
  const older = same === null ? null : await olderThan(same, look, io.signal);
  const isRefused = older !== null && input.options.older !== true;
  const said =
    same === null ? [] : [isRefused ? olderText(same.source.path, older) : continuedText(same.source.path)];
  const text = [foundText(found), ...said].join("\n");
  const continues = same?.source.path ?? null;
  if (input.options.dryRun === true)
    return { json: { found, continues, older, run: null, config: null }, text };
  if (isRefused && same !== null)
    throw new ConnectorError("USAGE", olderText(same.source.path, older), {
      subject: found.path,
      hint: "give --older to let it take the place of the other one all the same, or --into with another folder to keep both",
    });
  if (!context.asJson) io.writeErr(`${text}\n\n`);
  const id = addImport(into, imported, same?.id ?? null);
  return sync({ id, into, continues, older, typed: String(input.options.into) }, found, context);
}

/** What is wrong with a file is settled by options here, not by settings. */
function inOptions(thrown: unknown): unknown {
  if (!isConnectorError(thrown, "SOURCE_BAD_ANSWER")) return thrown;
  const { message, subject = "", advice } = thrown;
  const option =
    advice === undefined
      ? "give --format, if you know what it is, and --encoding such as windows-1252 if it is not in UTF-8"
      : adviceInOptions(advice);
  return new ConnectorError("USAGE", message, { subject, hint: option, cause: thrown });
}

/** `inputFolder`: where standard input is kept. */
async function sourceOf(
  { options, arguments: [what = ""] }: CommandInput,
  { into, inputFolder }: { into: string; inputFolder: string },
  { io }: CommandContext,
): Promise<ImportedSource> {
  const place = what === standardInput ? await keepInput(io.stdin, inputFolder) : resolve(io.cwd, what);
  const earlier = earlierImport(into, place);
  const encoding = options.encoding ?? earlier?.source.encoding;
  const guessed =
    options.format === undefined
      ? (earlier?.source ?? (await guess(place, encoding === undefined ? null : String(encoding), io.signal)))
      : { type: "files", path: place, format: String(options.format) };
  const isFiles = guessed.type === "files";
  const chat = "format" in guessed && guessed.format === "whatsapp" ? chatOfCopy(place) : null;
  return {
    source: {
      ...(chat !== null && { chat }),
      ...guessed,
      // What was unpacked a moment ago is whole: whoever imports it says so.
      ...(!isFiles && { settle: 0 }),
      ...(encoding !== undefined && { encoding }),
      ...(isFiles && options.dateOrder !== undefined && { date_order: options.dateOrder }),
      ...(isFiles && options.withoutTime !== undefined && { without_time: options.withoutTime }),
    },
    timezone: String(
      options.timezone ?? earlier?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    ),
  };
}

async function guess(place: string, encoding: string | null, signal: AbortSignal): Promise<GuessedSource> {
  const { guessSource } = await import("../../runtime/guess-source.ts");
  return guessSource(place, encoding, signal);
}

/** Standard input as a file, under a name that its contents give it. */
async function keepInput(stdin: AsyncIterable<Buffer | string>, folder: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stdin) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    parts.push(bytes);
    if (size > maxInputBytes) {
      const hint = "write it into a file, and give that one: files of any size are read";
      throw new ConnectorError("USAGE", `standard input has more than ${maxInputBytes} bytes`, {
        subject: "-",
        hint,
      });
    }
  }
  const bytes = Buffer.concat(parts);
  const name = `input-${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}`;
  try {
    makeFolders(folder);
    await writeFile(join(folder, name), bytes, { mode: 0o600 });
  } catch (cause) {
    const message = `cannot write into ${folder}: ${systemReason(cause, folder)}`;
    throw new ConnectorError("CONFIG_NOT_WRITTEN", message, { subject: folder, cause });
  }
  return join(folder, name);
}

/** A connector of a folder of imports; `typed` is that folder as the person calls it. */
interface Import {
  id: string;
  into: string;
  continues: string | null;
  older: string | null;
  typed: string;
}

async function sync(
  { id, into, continues, older, typed }: Import,
  found: Found,
  context: CommandContext,
): Promise<CommandResult> {
  const config = readConfig({ path: importConfigFile, environment: {}, workingFolder: into });
  const app = await App.open(config, { readOnly: false });
  const view = new ProgressView(context.io, app.events, { silent: context.asJson });
  try {
    const run = await app.run(app.connector(id), ordinaryRun("cli", Date.now()), context.io.signal);
    const file = join(into, importConfigFile);
    return {
      json: { found, continues, older, run: runJson(run), config: file },
      text: [
        renderReport(runJson(run)),
        whatNext(join(typed, importConfigFile), typedCommand(context.io.env)),
      ].join("\n\n"),
      exitCode: exitCodeOfRuns([run.outcome]),
    };
  } finally {
    view.close();
    await app.close();
  }
}

function holdsNothing({ path: place, problems, truncated }: Found): ConnectorError {
  const reason = problems[0] ?? truncated ?? "it is empty";
  return new ConnectorError("USAGE", `${place} holds no memory: ${reason}`, {
    subject: place,
    hint: "--format names another format, --without-time first_seen takes items without a time; docs/guides/files.md says how fields are mapped",
  });
}

const olderText = (path: string, why: string) =>
  `It is an older export, or a part, of ${printable(path)}, which was imported before: ${printable(why)}. Nothing is changed.`;

const continuedText = (path: string) =>
  `It is the same as ${printable(path)}, which was imported before: what is new in it is carried, and nothing twice. Where the two differ, this one counts from now on; to keep an earlier one whole, use --into with another folder.`;

const kinds = new Map([
  ["folder", "a folder of notes"],
  ["transcripts", "a folder of recordings"],
]);

function foundText({
  path: place,
  type,
  format,
  memories,
  wordless,
  malformed,
  problems,
  from,
  to,
  first,
  truncated,
}: Found): string {
  const kind = kinds.get(type) ?? String(format).replaceAll("_", " ");
  const what = place === standardInput ? "standard input" : printable(place);
  return section(`${what}: ${kind}`, [
    `${plural(memories, "memory", "memories")}, ${String(from).slice(0, 10)} to ${String(to).slice(0, 10)}`,
    ...(first === null
      ? []
      : [
          `the first: ${printable((first.title ?? first.text).replaceAll(/\s+/gu, " ").slice(0, 80))} (${first.recordedAt})`,
        ]),
    ...(wordless === 0 ? [] : [`${plural(wordless, "of them has", "of them have")} no words`]),
    ...(malformed === 0 ? [] : [`${plural(malformed, "item")} cannot be read:`]),
    ...(malformed === 0 && problems.length > 0 ? ["what of them cannot be read:"] : []),
    ...problems.map((problem) => `  ${printable(problem)}`),
    ...(truncated === null ? [] : [`there may be more: ${printable(truncated)}`]),
  ]);
}

function whatNext(file: string, command: string): string {
  const config = `--config ${shellWord(file)}`;
  return section("What next", [
    `${command} query "…" ${config}    asks a question`,
    `${command} graph ${config}    shows what the graph holds`,
    `${command} sync --all ${config}    carries what is new in the same place`,
    `${command} serve ${config}    shows it on a page`,
  ]);
}
