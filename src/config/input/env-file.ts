import { ConnectorError } from "../../kernel/errors/connector-error.ts";

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=/u;
const afterQuotes = /^[ \t]*(?:#.*)?$/u;
const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/**
 * The variables of a `.env` file, as python-dotenv, Docker Compose and shells read it (docs/decisions/151). Of a name that is there
 * twice the last one counts. Throws `CONFIG_SYNTAX` with the line of what is no assignment; the line is not shown, it may be a secret.
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
  /** The line behind it. */
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

/** A `#` begins a comment only behind a blank: keys hold them too. */
function unquoted(text: string): string {
  return text.replace(/[ \t]#.*$/u, "").trim();
}

/** Where the quotes are closed; -1 when they are not. Only in double quotes a backslash takes the meaning from the next character. */
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
