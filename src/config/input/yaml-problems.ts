import {
  type Document,
  type ErrorCode,
  isAlias,
  isPair,
  isScalar,
  type Scalar,
  visit,
  type YAMLError,
} from "yaml";
import { looksSecret } from "./shown-line.ts";

/** A place in the text that is no YAML, and what is wrong there. */
export interface YamlProblem {
  reason: string;
  offset: number;
}

/** The parser's findings as a person who writes settings would put them, with what to do about them. */
const words: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias such as *name has an anchor or a tag before it; remove it",
  BAD_ALIAS: "a value that begins with * or & has to stand in quotes",
  BAD_COLLECTION_TYPE: "the tag, the word that begins with !, does not fit what follows it; remove it",
  BAD_DIRECTIVE: "a line that begins with % is an instruction to YAML, and this is none; remove it",
  BAD_DQ_ESCAPE:
    "a backslash within double quotes begins an escape, and this is none; write it twice, or use single quotes",
  BAD_INDENT: "the line begins in another column than the settings beside it",
  BAD_PROP_ORDER: "an anchor or a tag stands behind its value; it belongs before it",
  BAD_SCALAR_START: "a value that begins with this character has to stand in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "the value holds another `key: value`; put quotes around a value with a colon, or each setting on a line of its own with the same indentation",
  BLOCK_IN_FLOW: "a comma is missing between two entries in brackets or braces",
  DUPLICATE_KEY: "the same key stands here for the second time; remove one of the two",
  IMPOSSIBLE: "this cannot be read as YAML",
  KEY_OVER_1024_CHARS: "the key is longer than 1,024 characters",
  MISSING_CHAR: "a colon with a space behind it is missing here, or a comma between two entries",
  MULTILINE_IMPLICIT_KEY: "the line is no `key: value`; a colon with a space behind it is missing",
  MULTIPLE_ANCHORS: "a value has two anchors (&name); remove one of the two",
  MULTIPLE_DOCS:
    "a second document begins here; a configuration is one, so remove the line with --- or ..., or move what follows it into a file of its own",
  MULTIPLE_TAGS: "a value has two tags (!name); remove one of the two",
  NON_STRING_KEY: "the key is no text",
  RESOURCE_EXHAUSTION: "the values are nested too deeply",
  TAB_AS_INDENT: "a tab stands before the setting; YAML is indented with spaces only",
  TAG_RESOLVE_FAILED: "a value that begins with ! has to stand in quotes",
  UNEXPECTED_TOKEN:
    "this does not belong here: something follows a value that has ended, a bracket has no partner, or a list begins on the line of its key",
};

const notClosed = "is opened and not closed, or closed too late";

/** The first thing that the parser did not like. */
export function firstProblem(document: Document.Parsed): YamlProblem | undefined {
  const [error] = [...document.errors, ...document.warnings];
  if (error === undefined) return undefined;
  const offset = error.pos[0];
  const quote = openQuote(document, error);
  if (quote !== undefined) return { reason: `the quote ${notClosed}`, offset: quote };
  if (endsTooLate(error)) return { reason: `a bracket or brace before this ${notClosed}`, offset };
  return { reason: words[error.code], offset };
}

/** Where the quote stands that the parser misses the end of; that place, and not the end of the file, is the one to look at. */
function openQuote(document: Document.Parsed, { message, pos }: YAMLError): number | undefined {
  let begin: number | undefined;
  if (!/^Missing closing .quote/u.test(message)) return undefined;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type?.startsWith("QUOTE") && range?.[1] === pos[0]) begin = range[0];
    },
  });
  return begin;
}

/** The parser has one code for all columns, and another wording for what brackets hold. */
const endsTooLate = ({ code, message }: YAMLError): boolean =>
  (code === "BAD_INDENT" || code === "MISSING_CHAR") && /^Flow\b.* end with/u.test(message);

/** A name that a value refers to by `*name` and that no value before it has. */
export function unknownAlias(document: Document.Parsed): YamlProblem | undefined {
  const anchors = new Set<string>();
  let found: YamlProblem | undefined;
  visit(document, {
    Node: (_, node, above) => {
      if (!isAlias(node)) {
        if (node.anchor) anchors.add(node.anchor);
        return undefined;
      }
      if (anchors.has(node.source)) return undefined;
      const called = above.some(isOfSecret) ? "so" : `&${node.source}`;
      const reason = `no value before this is called ${called}; put quotes around a value that begins with *`;
      found = { reason, offset: offsetOf(node) ?? 0 };
      return visit.BREAK;
    },
  });
  return found;
}

/** What stands there may be the secret itself, written without quotes. */
const isOfSecret = (node: unknown): boolean =>
  isPair(node) && isScalar(node.key) && looksSecret(String(node.key.value));

/** The place of the second of two settings of one name. */
export function repeatedKey(document: Document.Parsed): YamlProblem | undefined {
  let found: YamlProblem | undefined;
  visit(document, {
    Map: (_, { items }) => {
      const repeated = secondOfOneName(items.map(({ key }) => key).filter((key) => isScalar(key)));
      if (repeated === undefined) return undefined;
      found = { reason: words.DUPLICATE_KEY, offset: offsetOf(repeated) ?? 0 };
      return visit.BREAK;
    },
  });
  return found;
}

function secondOfOneName(keys: readonly Scalar[]): Scalar | undefined {
  const seen = new Set<string>();
  return keys.find(({ value }) => {
    const isKnown = seen.has(String(value));
    seen.add(String(value));
    return isKnown;
  });
}

/** Whoever writes it down, or sends it, puts U+FFFD in its place. */
export function halfCharacter(document: Document.Parsed): YamlProblem | undefined {
  let found: YamlProblem | undefined;
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== "string" || node.value.isWellFormed()) return undefined;
      found = { reason: "an unpaired surrogate is no character", offset: offsetOf(node) ?? 0 };
      return visit.BREAK;
    },
  });
  return found;
}

export function offsetOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range))
    return undefined;
  return Number(node.range[0]);
}
