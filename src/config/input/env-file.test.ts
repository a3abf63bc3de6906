import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { addVariables, parseEnvFile } from "./env-file.ts";

const read = (text: string) => parseEnvFile(text, ".env");

test.each([
  ["KEY=mem#key", "mem#key"],
  ["KEY=#key", "#key"],
  ["KEY=value # comment", "value"],
  ["KEY=value\t# comment", "value"],
  ["KEY= # comment", ""],
  ["KEY=", ""],
  ["KEY", null],
  ["  KEY  =  spaces around  ", "spaces around"],
  ["export KEY=value", "value"],
  ["KEY=a=b==", "a=b=="],
  ['KEY="a # b" # comment', "a # b"],
  ["KEY='a # b'", "a # b"],
  ["KEY=`a 'b' \"c\"`", "a 'b' \"c\""],
  [
    'KEY="line\\nbreak\\ttab \\"quoted\\" back\\\\slash \\$x \\d"',
    'line\nbreak\ttab "quoted" back\\slash $x \\d',
  ],
  ["KEY='line\\nbreak'", "line\\nbreak"],
  ["KEY=line\\nbreak", "line\\nbreak"],
  ['KEY="-----BEGIN\nabc\n-----END"', "-----BEGIN\nabc\n-----END"],
  ['KEY="first\r\nsecond"\r\n', "first\nsecond"],
  ["KEY=value\r\nOTHER=1\r\n", "value"],
  ["\uFEFFKEY=value", "value"],
  ["KEY=first\nKEY=last", "last"],
  ["# comment\n\n   # another\nKEY=value", "value"],
  ["KEY=it's", "it's"],
  ["KEY=ключ🔑", "ключ🔑"],
  ["KEY=${OTHER}", "${OTHER}"],
])("%j is %j", (text, expected) => {
  if (expected === null) expect(() => read(text)).toThrow();
  else expect(read(text).KEY).toBe(expected);
});

test.each([
  ["A=1\nthis is no assignment", 2],
  ["A=1\nB=2\nKEY: s3cret", 3],
  ['A=1\n\nB="never closed s3cret\nC=2', 3],
  ['A="s3cret"tail', 1],
  ["=s3cret", 1],
  ["1A=s3cret", 1],
])("%j is refused with line %i, and without the line's words", (text, line) => {
  const error = (() => {
    try {
      return read(text);
    } catch (thrown) {
      return toConnectorError(thrown);
    }
  })();
  expect(error).toMatchObject({ code: "CONFIG_SYNTAX", subject: `.env:${line}` });
  expect(String(error.message)).not.toContain("s3cret");
});

test("where Node's own reader keeps a value whole, it is the same", () => {
  const text = "A=1\nB = two words \nexport C='#3'\nD=\"4\\n5\"\nE=\nF=a=b\nG=`x`\nH=1\nH=2\n";
  expect(read(text)).toEqual({ ...parseEnv(text) });
});

test("names of JavaScript's own are variables like every other", () => {
  expect(Object.entries(read("__proto__=x\nconstructor=y"))).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

test.each([
  "plain/key:1+2",
  "two words # and more",
  "it's",
  'a "quoted" key',
  "back\\slash",
  `'"both`,
  "$" + "{OTHER} $x",
  "",
])("%j is read as it was added", async (value) => {
  const path = join(temporaryFolder(), ".env");
  await addVariables(path, { KEY: value });
  expect(parseEnvFile(readFileSync(path, "utf8"), ".env")).toEqual({ KEY: value });
  expect(await addVariables(path, { KEY: value })).toEqual({ added: [], different: [] });
});

test.each([
  ["behind a byte order mark", "\uFEFFKEY=kept\n", "kept"],
  ["with its quotes escaped", 'KEY="a\\"b"\n', 'a"b'],
  ["with # as its beginning", "KEY=#key\n", "#key"],
])("what is there %s is not added once more", async (_, text, value) => {
  const path = join(temporaryFolder(), ".env");
  writeFileSync(path, text);
  expect(await addVariables(path, { KEY: value })).toEqual({ added: [], different: [] });
  expect(await addVariables(path, { KEY: "another" })).toEqual({ added: [], different: ["KEY"] });
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("nothing is added to a file that cannot be read: open quotes would swallow it", async () => {
  const path = join(temporaryFolder(), ".env");
  writeFileSync(path, 'OTHER="never closed\n');
  await expect(addVariables(path, { KEY: "x" })).rejects.toMatchObject({ code: "CONFIG_SYNTAX" });
  expect(readFileSync(path, "utf8")).toBe('OTHER="never closed\n');
});
