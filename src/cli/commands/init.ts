import { dirname, join, resolve } from "node:path";
import { Option } from "commander";
import * as z from "zod";
import { renderExample } from "../../config/example.ts";
import { addVariables } from "../../config/input/env-file.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import type { Dialogue } from "../dialogue.ts";
import { connectionOptions } from "../load-config.ts";
import { fileOption } from "../options.ts";
import {
  askToIgnore,
  type Ignoring,
  keepOutOfGit,
  keyNotes,
  requireFreePlace,
  schemaFor,
  shortText,
  variablesOf,
  writeConfig,
} from "../setup/first-files.ts";
import { askForEnds, type Ends, usualEnds } from "../setup/interview.ts";
import { tryEnd } from "../setup/try-end.ts";

export const initCommand: CommandSpec = {
  name: "init",
  summary: "Write a configuration to start from",
  details:
    "On a terminal it asks where the memories are, of every kind of source, and for LightRAG, and tries both ends meanwhile. With --yes, with any of the " +
    "answers as options, or where nobody can be asked, it takes the usual answers. Keys go into `.env` beside the file. Never " +
    "overwrites a file unless told to.",
  options: [
    fileOption("where to write it"),
    new Option("--force", "overwrite the file if it is there"),
    new Option("--yes", "ask nothing"),
    new Option("--full", "write every setting, with its default and a comment; asks nothing").conflicts([
      "apiUrl",
      "apiKey",
      "contextId",
      "lightragUrl",
      "lightragApiKey",
      "direct",
    ]),
    ...connectionOptions({
      apiUrl: "the Memory API",
      apiKey: "its key",
      contextId: "its context",
      lightragUrl: "the LightRAG server",
      lightragApiKey: "its key",
    }),
    new Option("--direct", "no LightRAG server: the index is made by this program, in a folder").conflicts([
      "lightragUrl",
      "lightragApiKey",
    ]),
  ],
  examples: ["init", "init --yes --context-id CTX123 --direct", "init --full --config ./all-settings.yaml"],
  json: z.strictObject({
    path: z.string(),
    envFile: z.string().nullable().describe("where keys were added"),
    envAdded: z.array(z.string()).describe("names of the variables that were added there"),
  }),
  run: async (input, context) => {
    const { io } = context;
    const path = resolve(io.cwd, String(input.options.config));
    const overwrite = input.options.force === true;
    requireFreePlace(path, overwrite);
    if (input.options.full === true) return writeFull(path, overwrite);
    const dialogue = asksNothing(input, context) ? null : io.openDialogue();
    try {
      const ends = await endsOf(input, dialogue, context);
      const variables = variablesOf(ends, dialogue !== null, io.env);
      const ignoring = await askToIgnore(path, dialogue);
      return await writeShort({ path, ends, variables, overwrite, ignoring, cwd: io.cwd });
    } finally {
      dialogue?.close();
    }
  },
};

async function writeFull(path: string, overwrite: boolean): Promise<CommandResult> {
  await writeConfig(path, renderExample(schemaFor(path) ?? undefined), overwrite);
  return {
    json: { path, envFile: null, envAdded: [] },
    text: `Wrote ${path} with every setting.`,
    notice: "Put in your addresses and keys, then run `memory-connector check`.",
  };
}

interface FirstFiles {
  path: string;
  ends: Ends;
  variables: Record<string, string>;
  overwrite: boolean;
  ignoring: Ignoring;
  cwd: string;
}

/** The keys first: a configuration without them would not work. */
async function writeShort({
  path,
  ends,
  variables,
  overwrite,
  ignoring,
  cwd,
}: FirstFiles): Promise<CommandResult> {
  const envFile = join(dirname(path), ".env");
  const { added, different } = await addVariables(envFile, variables);
  await writeConfig(path, shortText(path, ends, variables, cwd), overwrite);
  const keys = added.length === 0 ? "" : `, and ${added.join(" and ")} into .env beside it`;
  return {
    json: { path, envFile: added.length === 0 ? null : envFile, envAdded: added },
    text: [
      `Wrote ${path}${keys}.`,
      ...keyNotes(variables, different),
      ...(await keepOutOfGit(path, ignoring)),
    ].join("\n"),
    notice: "Next: `memory-connector check`, then `memory-connector plan` and `memory-connector sync`.",
  };
}

const answerOptions = ["apiUrl", "apiKey", "contextId", "lightragUrl", "lightragApiKey", "direct"];

function asksNothing({ options }: CommandInput, { asJson }: CommandContext): boolean {
  return asJson || options.yes === true || answerOptions.some((name) => options[name] !== undefined);
}

async function endsOf(
  { options }: CommandInput,
  dialogue: Dialogue | null,
  { io }: CommandContext,
): Promise<Ends> {
  const { apiUrl, apiKey, contextId, lightragUrl, lightragApiKey, direct } = options as Record<
    string,
    string | undefined
  >;
  const offered: Ends = {
    source: {
      kind: usualEnds.source.kind,
      answers: new Map([
        ...usualEnds.source.answers,
        ...(apiUrl === undefined ? [] : ([["url", apiUrl]] as const)),
        ...(apiKey ? ([["api_key", apiKey]] as const) : []),
      ]),
    },
    contextId: contextId ?? usualEnds.contextId,
    lightrag: direct === undefined ? (lightragUrl ?? usualEnds.lightrag) : null,
    lightragKey: lightragApiKey || null,
  };
  if (dialogue === null) return offered;
  const say = (line: string) => io.writeErr(`${line}\n`);
  return askForEnds(
    { ...offered, lightragKey: io.env.LIGHTRAG_API_KEY || null },
    { dialogue, say, env: io.env, tryEnd: (ends, which) => tryEnd(ends, which, io) },
  );
}
