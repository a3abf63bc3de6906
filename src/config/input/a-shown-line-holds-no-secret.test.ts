import { expect, test } from "vitest";
import { parseYaml } from "./yaml-tree.ts";

const under = (key: string, value: string) => `memory_api:\n  ${key}:${value}`;

/** Texts that are no YAML, or no settings, and hold the secret `s3cret` or a part of it. */
const broken: readonly [what: string, text: string][] = [
  ["a quote that is opened on the line below its key", under("api_key", '\n    "sk-s3cret\nfoo: 1')],
  ["a quote that is opened on the line of its key", under("api_key", ' "s3cret\nfoo: 1')],
  ["a text of two lines", under("api_key", ' "a\n  s3cret" b\n')],
  ["a text of two lines that reads like a setting", under("api_key", ' "a\n  host: s3cret" b\n')],
  ["a block that ends too early", under("api_key", " |\n    a\n  s3cret\n")],
  ["a list", under("api_key", '\n    - "s3cret" x\n')],
  ["a list in brackets", under("api_key", ' [a,\n    "s3cret" "b"]\n')],
  ["a map in braces", under("api_key", ' {\n    s3cret: { a: "x" 1 }}\n')],
  ["a secret for a key", under("api_key", "\n    s3cret: a: b\n")],
  ["a colon that is missing", under("port", " 1\n  api_key s3cret\n")],
  ["an equals sign", under("port", " 1\n  api_key = s3cret\n")],
  ["an address with a login", under("url", " http://me:s3cret@host: 1\n")],
  ["two secrets on one line", '{ api_key: "s3cret", password: x: y }'],
  ["another secret behind a setting that is none", '{ port: 1, api_key: "s3cret" "x" }'],
  ["a secret that begins with *", under("api_key", " *s3cret\n")],
  ["a secret that begins with *, in a list", under("password", "\n    - *s3cret\n")],
  ["a secret that begins with *, under a name that no setting has", "passwd: *s3cret\n"],
  ["a secret that begins with @", under("api_key", "\n    @s3cret\n")],
  ["a secret that begins with !", under("api_key", "\n    !s3cret\n")],
  ["a key that stands there twice", under("api_key", " a\n  api_key: s3cret\n")],
  ["a comment with the old one", "port: 1\nport: 2 # s3cret\n"],
];

test.each(broken)("what is said of a broken file holds no secret: %s", (_, text) => {
  const said = messageOf(text);
  expect(said).toMatch(/^config\.yaml:\d+:\d+: /u);
  expect(said).not.toContain("s3cret");
});

test.each([
  ["port: 1", "port: 1"],
  ["- enabled: true", "enabled: true"],
  ["api_key: 12345", "api_key: ***"],
  ['"url": http://host', "url: ***"],
  ["connectors:", "connectors:"],
])("of a line the setting is shown, and what cannot be a secret: %s", (line, shown) => {
  expect(messageOf(`a: 1\n\t${line}\n`).endsWith(`: ${shown}`)).toBe(true);
});

test("a very long line is looked at once", () => {
  expect(messageOf(`a: 1\n\tport:${" ".repeat(200_000)}x\n`)).toMatch(/: port: \*\*\*$/u);
});

function messageOf(text: string): string {
  try {
    parseYaml(text, "config.yaml");
  } catch (thrown) {
    return (thrown as Error).message;
  }
  throw new Error("it was read");
}
