import type * as z from "zod";
import { type Path, pathText } from "../../kernel/settings/path.ts";
import { coreOf, keysOf, schemaAt } from "../../kernel/settings/walk.ts";
import { mask } from "../../kernel/util/url.ts";
import { coerceText } from "../input/coerce.ts";
import { type Origins, originOf } from "../input/origin.ts";
import type { PlacedProblem } from "../input/placed-problem.ts";
import { getIn, placesOf } from "../input/tree.ts";
import { allRules } from "../schema/all-rules.ts";
import { declaredSettings, settingsSchema } from "../schema/settings.ts";
import type { Finding } from "./finding.ts";
import { nearest } from "./nearest.ts";
import { isSecret, shownValue } from "./shown-value.ts";

/** What is needed to say where a setting stands and what it holds. */
export interface InputDocument {
  tree: unknown;
  origins: Origins;
  /** See `Normalised`. */
  writtenKeys: ReadonlyMap<string, string>;
  lineOf(path: Path): number | null;
  /** See `YamlTree`. */
  spelledAt(path: Path): string | null;
}

/** Gives a problem or warning its place in the file. `shown: false` leaves the value out. */
export function placed(problem: PlacedProblem, document: InputDocument, shown = true): Finding {
  const { path, reason, hint } = problem;
  const written = writtenPath(path, document.writtenKeys);
  const origin = originOf(document.origins, path);
  const value = spelling(path, document) ?? shownValue(getIn(document.tree, path));
  const hidden = origin?.confidential || isSecret(path);
  return {
    path: pathText(written) || "(the whole file)",
    line: origin === undefined ? document.lineOf(written) : null,
    origin: origin?.label ?? null,
    value: shown ? value && (hidden ? mask : value) : null,
    reason,
    hint,
  };
}

/** A number or boolean as the file spells it: who wrote `007` does not know a 7. */
function spelling(path: Path, document: InputDocument): string | null {
  const value = getIn(document.tree, path);
  const isPlain = typeof value === "number" || typeof value === "boolean";
  if (!isPlain || originOf(document.origins, path) !== undefined) return null;
  return document.spelledAt(writtenPath(path, document.writtenKeys));
}

function writtenPath(path: Path, writtenKeys: ReadonlyMap<string, string>): Path {
  return path.map((segment, index) => writtenKeys.get(pathText(path.slice(0, index + 1))) ?? segment);
}

/** A finding that is not worked out yet: looking for lines and for like words takes long when there are thousands of them. */
export interface Found {
  path: Path;
  tell(): Finding;
}

/** What was found on the way to a document. */
export function foundBefore(problems: readonly PlacedProblem[], document: InputDocument): Found[] {
  return problems.map((problem) => ({
    path: problem.path,
    tell: () => placed(problem, document, false),
  }));
}

/** What the rules over several settings find. */
export function foundByRules(document: InputDocument): Found[] {
  const problems = allRules.flatMap(({ at, rule }) =>
    placesOf(at, document.tree).flatMap((place) =>
      rule(getIn(document.tree, place)).map((problem) => ({ ...problem, path: [...place, ...problem.path] })),
    ),
  );
  return foundBefore(problems, document);
}

/** Every issue of a validation, one for each key that it is about. */
export function foundByIssues(issues: readonly z.core.$ZodIssue[], document: InputDocument): Found[] {
  return issues.flatMap((issue) => {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...path, key],
        tell: () => unknownKey(path, key, document),
      }));
    }
    const tell = () =>
      placed({ path, reason: reasonFor(issue, document), hint: hintFor(issue, document) }, document);
    return [{ path, tell }];
  });
}

/** A type's own words are for a value that is there. */
function reasonFor(issue: z.core.$ZodIssue, { tree }: InputDocument): string {
  const isMissing = issue.code !== "custom" && getIn(tree, issue.path as Path) === undefined;
  return isMissing ? "is missing" : issue.message;
}

function hintFor(issue: z.core.$ZodIssue, document: InputDocument): string | null {
  const path = issue.path as Path;
  const value = getIn(document.tree, path);
  if (value === undefined) return exampleOf(path);
  // A map that has a key "toString" cannot even be turned into a text.
  if (typeof value === "object") return null;
  if (issue.code === "invalid_union" && "options" in issue && issue.options !== undefined) {
    return didYouMean(String(value), issue.options.map(String));
  }
  if (issue.code === "invalid_value") return didYouMean(String(value), issue.values.map(String));
  const wantsText = issue.code === "invalid_type" && issue.expected === "string";
  if (wantsText && ["number", "boolean"].includes(typeof value)) {
    return `write "${isSecret(path) ? mask : (spelling(path, document) ?? String(value))}", in quotes`;
  }
  const wanted = schemaAt(settingsSchema, path, document.tree);
  return typeof value === "string" ? spellingHint(value, wanted) : null;
}

/** For texts that mean a number or a boolean. */
function spellingHint(value: string, wanted: z.core.$ZodType | undefined): string | null {
  const meant = wanted === undefined ? value : coerceText(value, coreOf(wanted));
  return meant === value ? null : `write ${String(meant)}, without quotes`;
}

/** The value is not shown: it may be a secret under a misspelt name. */
function unknownKey(parent: Path, key: string, document: InputDocument): Finding {
  const path = [...parent, key];
  const known = keysOf(schemaAt(settingsSchema, parent, document.tree), getIn(document.tree, parent));
  const hint = didYouMean(key, known) ?? elsewhere(key) ?? `known here: ${known.join(", ")}`;
  return placed({ path, reason: "is not a setting", hint }, document, false);
}

function didYouMean(word: string, candidates: readonly string[]): string | null {
  const match = nearest(word, candidates);
  return match === null ? null : `did you mean ${match}?`;
}

/** For keys that are right but stand at the wrong place. */
function elsewhere(key: string): string | null {
  const places = declaredSettings()
    .filter(({ pattern }) => pattern.at(-1) === key)
    .map(({ pattern }) => pathText(pattern));
  return places[0] === undefined ? null : `it belongs to ${places[0]}`;
}

function exampleOf(path: Path): string | null {
  const declared = declaredSettings().find(
    ({ pattern }) =>
      pathText(pattern) === pathText(path.map((segment) => (typeof segment === "number" ? "[]" : segment))),
  );
  const example = declared?.facts.example;
  return example === undefined ? null : `for example ${path.at(-1)}: ${String(example)}`;
}
