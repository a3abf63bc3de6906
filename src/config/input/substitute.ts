import { resolve } from "node:path";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { type Path, pathText } from "../../kernel/settings/path.ts";
import type { Variables } from "./environment.ts";
import { looksSecret, type Origin, type Origins } from "./origin.ts";
import type { PlacedProblem } from "./placed-problem.ts";
import { maxSecretBytes, readTextFile } from "./text-file.ts";
import { mapValues } from "./tree.ts";

export interface Substituted {
  tree: unknown;
  /** The values that now hold something from outside the file. */
  origins: Origins;
  problems: readonly PlacedProblem[];
  /** The secrets' files that were asked for, whether they could be read or not. */
  files: readonly string[];
}

interface Sources {
  variables: Variables;
  /** Where relative paths of `${file:…}` begin. */
  folder: string;
}

type Answer = { text: string; origin: Omit<Origin, "path">; file?: string } | Failure;
interface Failure {
  reason: string;
  hint: string;
  file?: string;
}

/** `$${`, or `${` up to its brace; the second group is empty when there is none. */
const references = /\$\$\{|\$\{([^}]*)(\}?)/g;

/**
 * Replaces `${NAME}`, `${NAME:-default}` and `${file:PATH}` in the values of a tree; `$${` stands for `${`. It works on parsed
 * values, once, so whatever a variable holds stays one text.
 */
export function substitute(tree: unknown, sources: Sources): Substituted {
  const origins = new Map<string, Origin>();
  const problems: PlacedProblem[] = [];
  const files: string[] = [];

  const replaceIn = (value: string, path: Path): string =>
    value.replace(references, (match, inner: string | undefined, closed: string | undefined) => {
      if (inner === undefined) return openMark;
      const answer = closed === "}" ? lookUp(inner, sources) : notClosed;
      if (answer.file !== undefined) files.push(answer.file);
      if (!("origin" in answer)) {
        problems.push({ path, reason: answer.reason, hint: answer.hint });
        return match;
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

function lookUp(inner: string, sources: Sources): Answer {
  if (inner.startsWith("file:"))
    return readSecret(resolve(sources.folder, inner.slice("file:".length).trim()));
  const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inner) ?? [];
  if (name === undefined) {
    return { reason: `has a ${openMark}…} that names no variable`, hint: escapeHint };
  }
  const value = sources.variables.get(name);
  const usable = fallback === undefined ? value : value || fallback;
  if (usable === undefined) {
    return {
      reason: `names the variable ${name}, which is not set`,
      hint: `set ${name}, or write a default: \${${name}:-…}`,
    };
  }
  // What the system hands over is decoded before we see it.
  if (usable.includes("\ufffd")) {
    return {
      reason: `names the variable ${name}, whose value is not UTF-8`,
      hint: `set ${name} to text in UTF-8`,
    };
  }
  return { text: usable, origin: { label: name, confidential: looksSecret(name) } };
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
