import { statSync } from "node:fs";
import { appendFile, chmod, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConnectorError, systemReason } from "../../kernel/errors/connector-error.ts";
import { maxConfigBytes, readTextFile } from "./text-file.ts";

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=/u;
const afterQuotes = /^[ \t]*(?:#.*)?$/u;
const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/**
 * The variables of a `.env` file, as python-dotenv, Docker Compose and shells read it (docs/decisions/151). The last of duplicate
 * names wins. Throws `CONFIG_SYNTAX` with the number of a line that is not an assignment; its content is not shown, it may be a
 * secret.
 */
export function parseEnvFile(text: string, name: string): Record<string, string> {
  const lines = text.replace(/^\uFEFF/u, "").split(/\r\n|\n|\r/u);
  const variables = new Map<string, string>();
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const [head, key] = assignment.exec(line) ?? [];
    if (head !== undefined && key !== undefined) {
      const read = readValue(lines, at, head.length);
      if (read === null)
        throw unreadable(name, at + 1, "the quotes are not closed, or something follows them");
      variables.set(key, read.value);
      at = read.next;
    } else if (/^[ \t]*(?:#|$)/u.test(line)) at += 1;
    else throw unreadable(name, at + 1, "this is no NAME=value");
  }
  return Object.fromEntries(variables);
}

interface Value {
  value: string;
  /** The line after it. */
  next: number;
}

function readValue(lines: readonly string[], at: number, begin: number): Value | null {
  const text = lines[at]?.slice(begin) ?? "";
  const [head, quote] = /^[ \t]*(["'`])/u.exec(text) ?? [];
  if (head === undefined || quote === undefined) return { value: unquoted(text), next: at + 1 };
  return readQuoted(lines, at, begin + head.length, quote);
}

function readQuoted(lines: readonly string[], at: number, begin: number, quote: string): Value | null {
  const parts: string[] = [];
  for (let next = at; next < lines.length; next++) {
    const line = lines[next]?.slice(next === at ? begin : 0) ?? "";
    const end = endOf(line, quote);
    parts.push(end === -1 ? line : line.slice(0, end));
    if (end === -1) continue;
    if (!afterQuotes.test(line.slice(end + 1))) return null;
    const value = parts.join("\n");
    return { value: quote === '"' ? unescaped(value) : value, next: next + 1 };
  }
  return null;
}

/** A `#` starts a comment only after white space: keys may contain it. */
function unquoted(text: string): string {
  return text.replace(/[ \t]#.*$/u, "").trim();
}

/** Index of the closing quote; -1 without one. Backslash escapes only inside double quotes. */
function endOf(text: string, quote: string): number {
  if (quote !== '"') return text.indexOf(quote);
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

function unescaped(text: string): string {
  return text.replace(/\\([nrt"\\$`])/gu, (_, character: string) => escapes.get(character) ?? character);
}

function unreadable(name: string, line: number, reason: string): ConnectorError {
  return new ConnectorError("CONFIG_SYNTAX", `${name}:${line}: ${reason}`, {
    subject: `${name}:${line}`,
    hint: "write NAME=value, or # before what is no variable; values of several lines stand in double quotes",
  });
}

/**
 * Adds variables to a `.env` file, created if necessary and readable by its owner only. Existing variables are kept. Resolves to
 * the names added, and to those that exist with another value. Throws `CONFIG_NOT_WRITTEN`, and what `parseEnvFile` throws.
 */
export async function addVariables(
  path: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ added: string[]; different: string[] }> {
  try {
    const text = await readFile(path, "utf8").catch(nothingThere);
    const known = parseEnvFile(text, basename(path));
    const names = Object.keys(variables);
    const added = names.filter((name) => known[name] === undefined);
    const different = names.filter((name) => known[name] !== undefined && known[name] !== variables[name]);
    const lines = added.map((name) => `${name}=${quoted(variables[name] ?? "")}\n`).join("");
    if (lines === "") return { added, different };
    await appendFile(path, `${text === "" || text.endsWith("\n") ? "" : "\n"}${lines}`, { mode: 0o600 });
    await chmod(path, 0o600);
    return { added, different };
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    const message = `cannot write ${path}: ${systemReason(cause, path)}`;
    throw new ConnectorError("CONFIG_NOT_WRITTEN", message, { subject: path, cause });
  }
}

/** In the quotes that it does not hold itself. */
function quoted(value: string): string {
  if (/^[\w@%+=:,./~-]*$/u.test(value)) return value;
  const quote = ["'", '"', "`"].find(
    (each) => !value.includes(each) && !(each === '"' && value.includes("\\")),
  );
  if (quote === undefined || /[\r\n]/u.test(value))
    throw new ConnectorError(
      "CONFIG_NOT_WRITTEN",
      "a key with quotes of every kind or a line break cannot be written into .env",
      {
        hint: "set it as a variable of the environment",
      },
    );
  return `${quote}${value}${quote}`;
}

function nothingThere(error: NodeJS.ErrnoException): string {
  if (error.code !== "ENOENT") throw error;
  return "";
}

export type Variables = ReadonlyMap<string, string>;

/** The path of the optional `.env` file of a configuration folder. */
export const envFileOf = (folder: string): string => join(folder, ".env");

/**
 * The variables of the folder's `.env`, if it exists, and of the process, which take precedence unless they are empty. Throws `CONFIG_UNREADABLE` and
 * `CONFIG_SYNTAX`.
 */
export function readVariables(
  folder: string,
  processVariables: Readonly<Record<string, string | undefined>>,
): Variables {
  const file = envFileOf(folder);
  // A Python virtual environment may have this name too; it is a folder.
  const isThere = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  const fromFile = isThere ? parseEnvFile(readTextFile(file, maxConfigBytes), basename(file)) : {};
  const fromProcess = Object.entries(processVariables).filter(
    ([name, value]) => value !== undefined && (value !== "" || !Object.hasOwn(fromFile, name)),
  );
  return new Map([...Object.entries(fromFile), ...fromProcess] as [string, string][]);
}
