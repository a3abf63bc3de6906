import * as z from "zod";
import { escapeControls, type Path, pathText } from "../../kernel/settings/path.ts";
import { isMap } from "../../kernel/settings/rules.ts";
import { coreOf, defaultOf, keysOf, metadataOf, schemaAt } from "../../kernel/settings/walk.ts";
import { looksLikeSecret, looksLostPassword, withoutSecretWords } from "../../kernel/util/secret-look.ts";
import { shortened } from "../../kernel/util/text.ts";
import { mask, maskLogin } from "../../kernel/util/url.ts";
import { coerceText } from "../input/coerce.ts";
import { type Origin, type Origins, originOf, type PlacedProblem } from "../input/origin.ts";
import { getIn, mapValues, placesOf } from "../input/tree.ts";
import { maskSecrets } from "../mask-secrets.ts";
import { allRules } from "../schema/all-rules.ts";
import { declaredSettings, settingsSchema } from "../schema/settings.ts";
import type { Finding } from "./finding.ts";
import { nearest } from "./nearest.ts";

/** The input document, for locating settings and their values. */
export interface InputDocument {
  tree: unknown;
  origins: Origins;
  /** See `Normalised`. */
  writtenKeys: ReadonlyMap<string, string>;
  lineOf(path: Path): number | null;
  /** See `YamlTree`. */
  spelledAt(path: Path): string | null;
}

/** Locates a problem or warning in the file. `shown: false` omits the value. What looks like a secret is masked, whatever it is in. */
export function placed(problem: PlacedProblem, document: InputDocument, shown = true): Finding {
  const { path, reason, hint } = problem;
  const written = writtenPath(path, document.writtenKeys);
  const origin = originOf(document.origins, path);
  const value = spelling(path, document) ?? shownValue(getIn(document.tree, path));
  const hidden = origin?.confidential || isSecret(path) || isLost(path, document.tree);
  return {
    path: pathText(written.map(withoutSecret)) || "(the whole file)",
    line: origin === undefined ? document.lineOf(written) : null,
    origin: origin?.label ?? null,
    value: shown ? value && (hidden ? mask : value) : null,
    reason: withoutSecretWords(reason),
    hint: hint && withoutSecretWords(hint),
  };
}

/** A value that is set at this path, for people: whole, masked where it is secret, with its place and its origin. */
export function whereFrom(path: Path, value: unknown, document: InputDocument) {
  const written = writtenPath(path, document.writtenKeys);
  const { origins } = document;
  const origin = originOf(origins, path) ?? originWithin(origins, path);
  // A list or a map may have an item from elsewhere.
  const shown = mapValues(
    value,
    (each, at) => (originOf(origins, at)?.confidential === true ? mask : each),
    path,
  );
  return {
    path: pathText(written),
    value: isSecret(path) ? mask : (spelling(path, document) ?? printable(textOf(maskSecrets(shown)))),
    line: origin === undefined ? document.lineOf(written) : null,
    origin: origin?.label ?? null,
  };
}

function originWithin(origins: Origins, path: Path): Origin | undefined {
  return [...origins.values()].find((origin) =>
    path.every((segment, index) => origin.path[index] === segment),
  );
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Somebody may have pasted a key where its name belongs. */
const withoutSecret = (segment: string | number): string | number =>
  typeof segment === "string" && looksLikeSecret(segment) ? mask : segment;

/** Whether the value looks like a secret that was written into the wrong setting. One that a name of the list is near is a typing mistake. */
function isLost(path: Path, tree: unknown): boolean {
  const value = getIn(tree, path);
  if (typeof value !== "string") return false;
  if (value.split(/\s+/u).some(looksLikeSecret)) return true;
  const wanted = schemaAt(settingsSchema, path, tree);
  if (wanted === undefined || takesFreeText(wanted) || !looksLostPassword(value)) return false;
  const core = coreOf(wanted);
  const names = core instanceof z.ZodEnum ? core.options.map(String) : [];
  return nearest(value, names) === null;
}

const takesFreeText = (schema: z.core.$ZodType): boolean => {
  const { title } = z.globalRegistry.get(coreOf(schema)) ?? {};
  return title === undefined ? coreOf(schema) instanceof z.ZodString : ["text", "path"].includes(title);
};

/** A number or boolean as written: `007`, not 7. */
function spelling(path: Path, document: InputDocument): string | null {
  const value = getIn(document.tree, path);
  const isPlain = typeof value === "number" || typeof value === "boolean";
  if (!isPlain || originOf(document.origins, path) !== undefined) return null;
  return document.spelledAt(writtenPath(path, document.writtenKeys));
}

function writtenPath(path: Path, writtenKeys: ReadonlyMap<string, string>): Path {
  return path.map((segment, index) => writtenKeys.get(pathText(path.slice(0, index + 1))) ?? segment);
}

/** A finding that is formatted on demand: locating lines and similar words takes long for thousands of findings. */
export interface PendingFinding {
  path: Path;
  tell(): Finding;
}

/** Problems found before validation. */
export function foundBefore(problems: readonly PlacedProblem[], document: InputDocument): PendingFinding[] {
  return problems.map((problem) => ({
    path: problem.path,
    tell: () => placed(problem, document, false),
  }));
}

/** Problems found by the rules over several settings. */
export function foundByRules(document: InputDocument): PendingFinding[] {
  const problems = allRules.flatMap(({ at, rule }) =>
    placesOf(at, document.tree).flatMap((place) =>
      rule(getIn(document.tree, place)).map((problem) => ({ ...problem, path: [...place, ...problem.path] })),
    ),
  );
  return foundBefore(problems, document);
}

/** Every issue of a validation, one finding per key. */
export function foundByIssues(
  issues: readonly z.core.$ZodIssue[],
  document: InputDocument,
): PendingFinding[] {
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

/** A type's own message applies only to a value that is present. */
function reasonFor(issue: z.core.$ZodIssue, { tree }: InputDocument): string {
  const isMissing = issue.code !== "custom" && getIn(tree, issue.path as Path) === undefined;
  return isMissing ? "is missing" : issue.message;
}

function hintFor(issue: z.core.$ZodIssue, document: InputDocument): string | null {
  const path = issue.path as Path;
  const value = getIn(document.tree, path);
  if (value === undefined) return exampleOf(path, { isDefaultRefused: issue.code === "custom" });
  // A map with a key "toString" cannot be converted to a string.
  if (typeof value === "object") return null;
  if (issue.code === "invalid_union" && "options" in issue && issue.options !== undefined) {
    return didYouMean(String(value), issue.options.map(String));
  }
  if (issue.code === "invalid_value") return didYouMean(String(value), issue.values.map(String));
  const wanted = schemaAt(settingsSchema, path, document.tree);
  if (wanted === undefined) return null;
  if (typeof value === "string") return withoutQuotes(value, wanted);
  const wantsText = issue.code === "invalid_type" && issue.expected === "string";
  return wantsText ? inQuotes(path, document, wanted) : null;
}

/** For a text that means a number or a boolean. */
function withoutQuotes(value: string, wanted: z.core.$ZodType): string | null {
  const meant = coerceText(value, coreOf(wanted));
  return meant === value || !isValid(wanted, meant) ? null : `write ${String(meant)}, without quotes`;
}

/** For a number or a boolean where a text is wanted. Quotes alone make no address and no cron expression. */
function inQuotes(path: Path, document: InputDocument, wanted: z.core.$ZodType): string | null {
  const text = spelling(path, document) ?? String(getIn(document.tree, path));
  if (!isValid(wanted, text)) return exampleOf(path);
  return `write "${isSecret(path) ? mask : text}", in quotes`;
}

const isValid = (schema: z.core.$ZodType, value: unknown): boolean => z.safeParse(schema, value).success;

/** The value is not shown: it may be a secret under a misspelt name. */
function unknownKey(parent: Path, key: string, document: InputDocument): Finding {
  const path = [...parent, key];
  const known = keysOf(schemaAt(settingsSchema, parent, document.tree), getIn(document.tree, parent));
  const hint =
    didYouMean(key, known) ?? shorter(key, known) ?? elsewhere(key) ?? `known here: ${known.join(", ")}`;
  return placed({ path, reason: "is not a setting", hint }, document, false);
}

function didYouMean(word: string, candidates: readonly string[]): string | null {
  const match = nearest(word, candidates);
  return match === null ? null : `did you mean ${match}?`;
}

/** For a key that is known by its first letters: `lat` for `latitude`. */
function shorter(key: string, known: readonly string[]): string | null {
  const match = known.find((each) => each.length >= 3 && key.toLowerCase().startsWith(each));
  return match === undefined ? null : `did you mean ${match}?`;
}

/** For valid keys at the wrong place. */
function elsewhere(key: string): string | null {
  const places = declaredSettings()
    .filter(({ pattern }) => pattern.at(-1) === key)
    .map(({ pattern }) => pathText(pattern));
  return places[0] === undefined ? null : `it belongs to ${places[0]}`;
}

/** The default is no example where it is what was refused. */
function exampleOf(path: Path, { isDefaultRefused = false } = {}): string | null {
  const declared = declaredSettings().find(
    ({ pattern }) =>
      pathText(pattern) === pathText(path.map((segment) => (typeof segment === "number" ? "[]" : segment))),
  );
  const example =
    declared && (declared.facts.example ?? (isDefaultRefused ? undefined : defaultOf(declared.schema)));
  return example === undefined ? null : `for example ${path.at(-1)}: ${String(example) || '""'}`;
}

const longest = 60;

/** True when the value at this path, or a block that contains it, is a secret. */
function isSecret(path: Path): boolean {
  return path.some(
    (_, index) => metadataOf(schemaAt(settingsSchema, path.slice(0, index + 1)))?.secret === true,
  );
}

/** What may be the name of a login, and its colon. It begins where no name runs already: a long text is read once. */
const loginName = /(?<![^\s"/:@])[^\s"/:@]+:(?!\/\/)/u;

/** The text without `user:password@` of an address that is not written as one: all up to the last `@` is hidden. */
function withoutLogin(text: string): string {
  const end = text.lastIndexOf("@");
  const start = loginName.exec(text.slice(0, Math.max(end, 0)))?.index;
  return start === undefined ? text : `${text.slice(0, start)}${mask}${text.slice(end)}`;
}

/** A value for a message: bounded, on one line, without the login of an address. Null where there is nothing to show. */
function shownValue(value: unknown): string | null {
  if (value === undefined) return null;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isMap(value)) return "a map";
  const written = typeof value === "string" ? JSON.stringify(value) : String(value);
  return shortened(printable(written), longest);
}

/** On one line, without the login of an address. */
const printable = (text: string): string => escapeControls(withoutLogin(maskLogin(text)));
