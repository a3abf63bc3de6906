import { resolve } from "node:path";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { type Path, pathText } from "../../kernel/settings/path.ts";
import type { Variables } from "./env-file.ts";
import { looksSecret, type Origin, type Origins, type PlacedProblem } from "./origin.ts";
import { maxSecretBytes, readTextFile } from "./text-file.ts";
import { mapValues } from "./tree.ts";

export interface Substituted {
  tree: unknown;
  /** The values with content from outside the file. */
  origins: Origins;
  problems: readonly PlacedProblem[];
  /** The referenced secret files, readable or not. */
  files: readonly string[];
}

interface Sources {
  variables: Variables;
  /** Base of relative paths in `${file:…}`. */
  folder: string;
}

type Answer = { text: string; origin: Omit<Origin, "path">; file?: string } | Failure;
interface Failure {
  reason: string;
  hint: string;
  file?: string;
}

const marks = /\$\$\{|\$\{|\}/g;

/** How deep defaults may be nested: no deeper than a person can read. */
const maxNesting = 8;

/**
 * Replaces `${NAME}`, `${NAME:-default}` and `${file:PATH}` in the values of a tree; `$${` stands for `${`. It is applied once, to
 * parsed values, so the content of a variable always remains one text. Paths and defaults may contain references themselves.
 */
export function substitute(tree: unknown, sources: Sources): Substituted {
  const origins = new Map<string, Origin>();
  const problems: PlacedProblem[] = [];
  const files: string[] = [];

  const replaceIn = (value: string, path: Path): string =>
    replaceReferences(value, (inner, written) => {
      const answer = inner === null ? notClosed : lookUp(inner, sources, 1);
      if (answer.file !== undefined) files.push(answer.file);
      if (!("origin" in answer)) {
        problems.push({ path, reason: answer.reason, hint: answer.hint });
        return written;
      }
      const before = origins.get(pathText(path));
      const confidential = answer.origin.confidential || before?.confidential === true;
      origins.set(pathText(path), { path, label: answer.origin.label, confidential });
      return answer.text;
    });

  return {
    tree: mapValues(tree, (value, path) => (typeof value === "string" ? replaceIn(value, path) : value)),
    origins,
    problems,
    files,
  };
}

const openMark = "${";
const escapeHint = `write $${openMark} for the characters themselves`;
const notClosed: Failure = { reason: `has a ${openMark} that is not closed`, hint: escapeHint };

/** Replaces each outermost reference by its answer. `answer` gets the content of the braces, or null when they are not closed. */
function replaceReferences(text: string, answer: (inner: string | null, written: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, inner } of spansOf(text)) {
    const part = inner === undefined ? openMark : answer(inner, text.slice(start, end));
    parts.push(text.slice(from, start), part);
    from = end;
  }
  return parts.join("") + text.slice(from);
}

interface Span {
  start: number;
  end: number;
  /** Undefined for `$${`, null for a reference that is not closed. */
  inner?: string | null;
}

function* spansOf(text: string): Generator<Span> {
  const opened: number[] = [];
  for (const { 0: mark, index } of text.matchAll(marks)) {
    const end = index + mark.length;
    if (mark === openMark) opened.push(index);
    else if (mark === "}") {
      const start = opened.pop();
      if (start !== undefined && opened.length === 0)
        yield { start, end, inner: text.slice(start + openMark.length, index) };
    } else if (opened.length === 0) yield { start: index, end };
  }
  const [start] = opened;
  if (start !== undefined) yield { start, end: text.length, inner: null };
}

function lookUp(inner: string, sources: Sources, depth: number): Answer {
  if (depth > maxNesting) return { reason: "has references that are nested too deeply", hint: escapeHint };
  if (inner.startsWith("file:")) {
    const path = expand(inner.slice("file:".length), sources, depth);
    return "origin" in path ? readSecret(resolve(sources.folder, path.text.trim())) : path;
  }
  const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inner) ?? [];
  if (name === undefined) {
    return { reason: `has a ${openMark}…} that names no variable`, hint: escapeHint };
  }
  const value = sources.variables.get(name);
  if (!value && fallback !== undefined) return named(name, expand(fallback, sources, depth));
  return named(name, value === undefined ? notSet(name) : textOf(name, value));
}

/** A path or a default with its own references replaced. */
function expand(text: string, sources: Sources, depth: number): Answer {
  const found: Answer[] = [];
  const expanded = replaceReferences(text, (inner) => {
    const answer = inner === null ? notClosed : lookUp(inner, sources, depth + 1);
    found.push(answer);
    return "origin" in answer ? answer.text : "";
  });
  const file = found.find((answer) => answer.file !== undefined)?.file;
  const confidential = found.some((answer) => "origin" in answer && answer.origin.confidential);
  const failure = found.find((answer) => !("origin" in answer));
  return (
    failure ?? { text: expanded, origin: { label: "", confidential }, ...(file !== undefined && { file }) }
  );
}

/** An answer with the name of the outermost variable. */
function named(name: string, answer: Answer): Answer {
  if (!("origin" in answer)) return answer;
  const confidential = looksSecret(name) || answer.origin.confidential;
  return { ...answer, origin: { label: name, confidential } };
}

function notSet(name: string): Failure {
  return {
    reason: `names the variable ${name}, which is not set`,
    hint: `set ${name}, or write a default: \${${name}:-…}`,
  };
}

function textOf(name: string, value: string): Answer {
  // The system's values are already decoded.
  if (value.includes("\ufffd")) {
    return {
      reason: `names the variable ${name}, whose value is not UTF-8`,
      hint: `set ${name} to text in UTF-8`,
    };
  }
  return { text: value, origin: { label: name, confidential: looksSecret(name) } };
}

function readSecret(file: string): Answer {
  try {
    const text = readTextFile(file, maxSecretBytes).replace(/[\r\n]+$/, "");
    return { text, file, origin: { label: file, confidential: true } };
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return { reason: `names a file: ${error.message}`, hint: "check the path and who may read it", file };
  }
}
