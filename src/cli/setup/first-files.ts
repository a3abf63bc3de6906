import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { appendFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { literal, renderShort } from "../../config/example.ts";
import { ConnectorError, systemReason } from "../../kernel/errors/connector-error.ts";
import { packagedFile } from "../../packaged-file.ts";
import type { CliIo } from "../cli-io.ts";
import { type Dialogue, yesOrNo } from "../dialogue.ts";
import type { Ends } from "./interview.ts";
import { placeIn, placeOf, secretOf, settingsOf } from "./source-answers.ts";

const placeholderKey = "your-memory-api-key";

/** Variables for `.env`. Without a dialogue, a placeholder marks the key to fill in; one in the environment needs no line. */
export function variablesOf(ends: Ends, wasAsked: boolean, env: CliIo["env"]): Record<string, string> {
  const { source, lightragKey } = ends;
  const hidden = secretOf(source.kind);
  const given = hidden === null ? undefined : source.answers.get(hidden.setting);
  const isLacking = !wasAsked && hidden !== null && !env[hidden.variable];
  const key = given ?? (isLacking ? placeholderKey : undefined);
  return {
    ...(hidden !== null && key !== undefined && key !== env[hidden.variable] && { [hidden.variable]: key }),
    ...(lightragKey !== null && lightragKey !== env.LIGHTRAG_API_KEY && { LIGHTRAG_API_KEY: lightragKey }),
  };
}

/** The text of a short configuration at this path; relative places in the answers begin at `cwd`. */
export function shortText(path: string, ends: Ends, variables: Record<string, string>, cwd: string): string {
  const { source, contextId, lightrag, lightragKey } = ends;
  const { kind, answers } = source;
  const hidden = secretOf(kind);
  const hasKey = hidden !== null && (answers.has(hidden.setting) || variables[hidden.variable] !== undefined);
  const { [hidden?.setting ?? ""]: _, ...settings } = settingsOf(source, {
    textOf: (answer, { isPath }) =>
      literal(isPath === true ? placeIn(dirname(path), placeOf(answer, cwd)) : answer),
    now: new Date().toISOString(),
  });
  const written = {
    type: kind.type,
    isShort: kind.hasContexts === true,
    settings: { ...settings, ...(hasKey && { [hidden.setting]: `\${${hidden.variable}}` }) },
  };
  const { connectorId } = kind;
  return renderShort(
    { source: written, connectorId, contextId, lightrag, hasLightragKey: lightragKey !== null },
    schemaFor(path),
  );
}

/**
 * A relative path when the schema is in the file's folder or below, so that the folder may move; else the path where the program is
 * installed.
 */
export function schemaFor(path: string): string | null {
  const schema = packagedFile("config.schema.json");
  if (!existsSync(schema)) return null;
  const from = relative(dirname(path), schema).replaceAll("\\", "/");
  return from.startsWith("..") || from.includes(":") ? schema : `./${from}`;
}

/** What becomes of the keys; `different` are those of which `.env` has another one. A placeholder stands back for any key. */
export function keyNotes(variables: Record<string, string>, different: readonly string[]): string[] {
  const isPlaceholder = (name: string) => variables[name] === placeholderKey;
  const kept = different.map((name) =>
    isPlaceholder(name)
      ? `The ${name} that .env has already is the one that is used.`
      : `.env has another ${name} already; it was left as it is.`,
  );
  const isMissing = isPlaceholder("MEMORY_API_KEY") && !different.includes("MEMORY_API_KEY");
  return isMissing
    ? [
        ...kept,
        "Put the Memory API's key into .env, or remove its line there and in the file if it wants none.",
      ]
    : kept;
}

/** What `.gitignore` lacks, and whether the person wants it to be added. */
export interface Ignoring {
  names: readonly string[];
  isWanted: boolean;
}

export async function askToIgnore(path: string, dialogue: Dialogue | null): Promise<Ignoring> {
  const names = unignored(dirname(path), basename(path));
  const question = `Keep ${names.join(" ")} out of git, by .gitignore?`;
  return {
    names,
    isWanted: names.length > 0 && dialogue !== null && (await yesOrNo(dialogue, question, true)),
  };
}

/** Adds to `.gitignore` what the person wants there, else says what to add. */
export async function keepOutOfGit(path: string, { names, isWanted }: Ignoring): Promise<string[]> {
  if (names.length === 0) return [];
  const list = names.join(" ");
  if (!isWanted) return [`This folder is in a git repository: add to its .gitignore: ${list}`];
  await appendFile(join(dirname(path), ".gitignore"), `\n${names.join("\n")}\n`);
  return [`Added to .gitignore: ${list}`];
}

/** Only its owner may read it. */
export async function writeConfig(path: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: overwrite ? "w" : "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw configExists(path, cause);
    const message = `cannot write ${path}: ${systemReason(cause, path)}`;
    throw new ConnectorError("CONFIG_NOT_WRITTEN", message, { subject: path, cause });
  }
}

/**
 * To be called before anything is asked. Throws `CONFIG_EXISTS` where a file is that is not to be overwritten, and
 * `CONFIG_NOT_WRITTEN` where none can be.
 */
export function requireFreePlace(path: string, overwrite: boolean): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory())
    throw new ConnectorError("CONFIG_NOT_WRITTEN", `${path} is a folder`, {
      subject: path,
      hint: "name a file in it",
    });
  if (there !== undefined && !overwrite) throw configExists(path);
  if (there === undefined) requireFolder(dirname(path));
  requireWritable(there === undefined ? dirname(path) : path);
}

function requireFolder(folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  const what = there === undefined ? "is not there" : "is no folder";
  throw new ConnectorError("CONFIG_NOT_WRITTEN", `${folder} ${what}`, { subject: folder });
}

function requireWritable(place: string): void {
  try {
    accessSync(place, constants.W_OK);
  } catch (cause) {
    throw new ConnectorError("CONFIG_NOT_WRITTEN", `you may not write to ${place}`, {
      subject: place,
      cause,
    });
  }
}

function configExists(path: string, cause?: unknown): ConnectorError {
  return new ConnectorError("CONFIG_EXISTS", `there is a file at ${path} already`, { subject: path, cause });
}

/** Files of the working folder that must not be committed: addresses, keys, memories. */
const ours = [".env", "memory_sync_state.*", "lightrag_storage/"];

/** The names missing in `.gitignore` of a folder in a git work tree; none elsewhere. */
function unignored(folder: string, configName: string): string[] {
  if (!isInWorkTree(folder)) return [];
  const path = join(folder, ".gitignore");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split(/\r?\n/u) : [];
  const ignored = new Set(lines.map((line) => line.trim().replace(/^\//u, "")));
  return [configName, ...ours].filter((name) => !ignored.has(name));
}

function isInWorkTree(folder: string): boolean {
  if (existsSync(join(folder, ".git"))) return true;
  return dirname(folder) !== folder && isInWorkTree(dirname(folder));
}
