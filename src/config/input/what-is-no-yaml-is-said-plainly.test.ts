import { expect, test } from "vitest";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { parseYaml } from "./yaml-tree.ts";

/** Texts, where their fault is, and a part of what is said about it. */
const faults: readonly [what: string, text: string, place: string, said: RegExp][] = [
  [
    "a quote that is not closed",
    'api:\n  host: "x\n  port: 1\n',
    "2:9",
    /the quote is opened and not closed/,
  ],
  ["a single quote that is not closed", "a: 1\nb: 'x\n", "2:4", /the quote is opened and not closed/],
  ["a quote that the next one closes", 'url: "http://x\nkey: "y"\n', "1:6", /the quote is opened/],
  ["two documents", "a: 1\n---\nb: 2\n", "2:1", /a second document begins here/],
  ["two documents behind an end", "a: 1\n...\nb: 2\n", "3:1", /a second document begins here/],
  [
    "a list that is not closed",
    "a: [1,\nb: 2\n",
    "2:1",
    /a bracket or brace before this is opened and not closed/,
  ],
  ["a map that is not closed", "a: {b: 1\nc: 2\n", "2:1", /a bracket or brace/],
  ["a bracket too many", "a: ]\n", "1:4", /does not belong here/],
  ["a second colon", "a: b: c\n", "1:4", /put quotes around a value with a colon/],
  ["no colon", "a: 1\nfoo\nb: 2\n", "2:1", /a colon with a space/],
  ["no space behind the colon", "a:1\nb: 2\n", "1:1", /a colon with a space/],
  ["a tab", "a:\n\tb: 1\n", "2:1", /a tab/],
  ["less indentation", "a:\n    b: 1\n  c: 2\n", "3:1", /another column/],
  ["an @", "a: @x\n", "1:4", /has to stand in quotes/],
  ["an alias of nothing", "a: 1\nb: *x\n", "2:4", /no value before this is called &x/],
  ["an alias before its anchor", "a: *x\nb: &x 1\n", "1:4", /no value before this is called &x/],
  ["a tag", "a: !secret x\n", "1:4", /has to stand in quotes/],
  ["a Windows path in double quotes", 'path: "C:\\Users\\x"\n', "1:10", /a backslash/],
  ["no comma", '{"a": 1 "b": 2}', "1:7", /a comma is missing/],
  ["no colon in JSON", '{"a" 1}', "1:6", /a colon .* is missing/],
  ["no comma between texts", '["a""b"]', "1:5", /a colon .* is missing here, or a comma/],
  ["no colon and no space in JSON", '{"a"1}', "1:5", /a colon .* is missing/],
  ["words behind a quote", 'a: "x" y\n', "1:8", /something follows a value that has ended/],
  ["a list on the line of its key", "a: - 1\n", "1:4", /a list begins on the line of its key/],
  ["a directive", "%FOO\n---\na: 1", "1:1", /an instruction to YAML/],
  ["the same key twice", "a: 1\nb:\n  c: 1\n  c: 2\n", "4:3", /the same key/],
];

/** How the parser words them, to programmers of its own kind. */
const foreignWords =
  /parseAllDocuments|[Ff]low|[Ii]mplicit|[Bb]lock|[Nn]ested mappings|Plain value|Unresolved|token|node|anchor must/u;

test.each(faults)("%s is said in plain words, with line and column", (_, text, place, said) => {
  const error = failureOf(text);
  expect(error.message).toMatch(new RegExp(`^config\\.yaml:${place}: `, "u"));
  expect(error.message).toMatch(said);
  expect(error.message).not.toMatch(foreignWords);
});

test("aliases that multiply are said plainly, too", () => {
  const rows = [..."abcdef"].map(
    (name, at) => `${name}: &${name} [${at === 0 ? "x" : `*${"abcdef"[at - 1]},`.repeat(9)}]`,
  );
  expect(failureOf(rows.join("\n")).message).toMatch(/more than 100 copies/u);
});

function failureOf(text: string): ConnectorError {
  try {
    parseYaml(text, "config.yaml");
  } catch (error) {
    if (error instanceof ConnectorError) return error;
  }
  throw new Error("it was read");
}
