import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { minimal, readYaml } from "../../test/support/config.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { readConfig } from "./read-config.ts";

const billionLaughs = [
  "a: &a [x,x,x,x,x,x,x,x,x]",
  ...[..."bcdefgh"].map((name, index) => {
    const before = "abcdefgh"[index];
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`;
  }),
].join("\n");

type Case = [what: string, content: string | Uint8Array, code: string, message: RegExp];

const contents: Case[] = [
  ["an empty file", "", "CONFIG_SYNTAX", /config\.yaml: the file is empty/],
  ["a file of comments", "# nothing\n\n# here\n", "CONFIG_SYNTAX", /empty/],
  ["a list that does not end", "a: 1\nb: [\n", "CONFIG_SYNTAX", /[^:]$/],
  ["a text", "just words", "CONFIG_SYNTAX", /must be a map of settings/],
  ["a list", "- a\n- b\n", "CONFIG_SYNTAX", /must be a map of settings/],
  ["two documents", "a: 1\n---\nb: 2\n", "CONFIG_SYNTAX", /config\.yaml:2:1/],
  ["a bracket that is not closed", "connectors: [1,\n", "CONFIG_SYNTAX", /config\.yaml:\d:\d/],
  ["a tab as indentation", "api:\n\tport: 1\n", "CONFIG_SYNTAX", /config\.yaml:2:1: a tab .*: port: 1/],
  [
    "the same key twice",
    "api: {}\nstate: {}\napi: {}\n",
    "CONFIG_SYNTAX",
    /config\.yaml:3:1: the same key .*: api: \{\}/,
  ],
  [
    "half a character in a value",
    'a: 1\nb: "x\\ud800"\n',
    "CONFIG_SYNTAX",
    /config\.yaml:2:4: an unpaired surrogate/,
  ],
  ["half a character in a key", '"\\udc00": 1\n', "CONFIG_SYNTAX", /config\.yaml:1:1: an unpaired surrogate/],
  ["a tag", "api: !!js/function x\n", "CONFIG_SYNTAX", /config\.yaml:1:6: a value that begins with !/],
  ["an alias of nothing", "api: *nothing\n", "CONFIG_SYNTAX", /nothing/],
  ["aliases that multiply", billionLaughs, "CONFIG_SYNTAX", /alias/],
  ["an alias of itself", "api: &a [*a]\n", "CONFIG_SYNTAX", /nested deeper than 32/],
  ["an alias of itself, twice", "api: &a [*a, *a, *a]\n", "CONFIG_SYNTAX", /nested deeper|more than 200000/],
  ["deep nesting", `api: ${"[".repeat(100)}${"]".repeat(100)}`, "CONFIG_SYNTAX", /nested deeper than 32/],
  ["very deep nesting", "[".repeat(20_000), "CONFIG_SYNTAX", /nested too deeply|must be|sufficiently/],
  ["NUL bytes", "api: \0\n", "CONFIG_UNREADABLE", /NUL bytes/],
  ["UTF-16", Buffer.from("\ufeffapi: {}", "utf16le"), "CONFIG_UNREADABLE", /UTF-8/],
  ["bytes that are no text", Uint8Array.of(0x61, 0xff, 0xfe), "CONFIG_UNREADABLE", /UTF-8/],
  ["a file far too large", `# ${"x".repeat(1024 * 1024)}`, "CONFIG_UNREADABLE", /bytes, more than/],
];

test.each(contents)("%s is refused with one clear error", (_, content, code, message) => {
  const error = failureOf(() => readYaml(content));
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(error.hint).not.toBe("");
});

test("a byte order mark, Windows line ends and empty keys do no harm", () => {
  const yaml = `\ufeff${minimal}api:\nlogging:\n  level:\n`.replaceAll("\n", "\r\n");
  expect(readYaml(yaml).config.logging.level).toBe("info");
});

test("the line that is shown for a syntax error does not show a secret", () => {
  const error = failureOf(() => readYaml("memory_api:\n  api_key: s3cret: value\n"));
  expect(error.message).toMatch(/config\.yaml:2:\d+: .*api_key: \*\*\*$/);
});

test("a file that is not there, a folder and a file that may not be read are told apart", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "folder.yaml"));
  writeFileSync(join(folder, "file.yaml"), minimal);
  const read = (path: string) => () => readConfig({ path, environment: {}, workingFolder: folder });
  expect(failureOf(read("missing.yaml"))).toMatchObject({
    code: "CONFIG_NOT_FOUND",
    hint: expect.stringContaining("init"),
  });
  expect(failureOf(read("file.yaml/below"))).toMatchObject({ code: "CONFIG_NOT_FOUND" });
  expect(failureOf(read("folder.yaml"))).toMatchObject({
    code: "CONFIG_UNREADABLE",
    message: expect.stringContaining("is a folder"),
  });
  expect(failureOf(read("/dev/null"))).toMatchObject({
    code: "CONFIG_UNREADABLE",
    message: expect.stringContaining("regular file"),
  });
  symlinkSync("loop.yaml", join(folder, "loop.yaml"));
  expect(failureOf(read("loop.yaml"))).toMatchObject({
    code: "CONFIG_UNREADABLE",
    message: expect.stringContaining("ELOOP"),
  });
});

test.skipIf(process.getuid?.() === 0)(
  "a file of another user is said to be one (skipped: root may read everything)",
  () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "config.yaml"), minimal);
    chmodSync(join(folder, "config.yaml"), 0);
    const error = failureOf(() =>
      readConfig({ path: "config.yaml", environment: {}, workingFolder: folder }),
    );
    expect(error).toMatchObject({
      code: "CONFIG_UNREADABLE",
      message: expect.stringContaining("may not be read"),
    });
  },
);

test("a .env that is no text is refused, and a folder of that name is not one", () => {
  expect(failureOf(() => readYaml(minimal, { files: { ".env": "A=\0" } })).code).toBe("CONFIG_UNREADABLE");
  expect(readYaml(minimal, { files: { ".env/pyvenv.cfg": "" } }).config.connectors).toHaveLength(1);
});

test("whatever the file says, the answer is a configuration or a coded error", { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "config.yaml"), "");
  const keys = fc.constantFrom(
    "lightrag",
    "api",
    "direct",
    "llm",
    "memory_api",
    "connectors",
    "id",
    "context_id",
    "schedule",
    "type",
    "every",
    "state",
    "logging",
    "file",
    "alerts",
    "alert_on",
    "__proto__",
    "constructor",
    "transform",
    "max_concurrency",
  );
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("${X}", "${", "$${", "${file:/}", "interval", "90s", "builtin"),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium" },
      leaf,
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.oneof(keys, fc.string()), tie("tree"), { maxKeys: 6 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(keys, tree), (root) => {
      writeFileSync(join(folder, "config.yaml"), JSON.stringify(root));
      const error = outcomeOf(() =>
        readConfig({ path: "config.yaml", environment: {}, workingFolder: folder }),
      );
      if (error !== undefined) expect(error).toBeInstanceOf(ConnectorError);
    }),
    { numRuns: 200 },
  );
});

test("whatever bytes the file holds, the answer is a configuration or a coded error", {
  timeout: 60_000,
}, () => {
  const folder = temporaryFolder();
  const pieces = fc.constantFrom(
    "connectors:",
    "\n",
    "  ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<: ",
    "? ",
    ": ",
    "!!",
    "|",
    ">",
    "%YAML 1.1\n---\n",
    "\t",
    '"',
    "'",
    "#",
    "\r",
    "${A:-b}",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(fc.oneof(pieces, fc.string()), { maxLength: 40 }).map((parts) => parts.join("")),
        fc.uint8Array(),
      ),
      (content) => {
        writeFileSync(join(folder, "config.yaml"), content);
        const error = outcomeOf(() =>
          readConfig({ path: "config.yaml", environment: {}, workingFolder: folder }),
        );
        if (error !== undefined) expect(error).toBeInstanceOf(ConnectorError);
      },
    ),
    { numRuns: 300 },
  );
});

function outcomeOf(read: () => unknown): unknown {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
}

function failureOf(read: () => unknown): ConnectorError {
  const error = outcomeOf(read);
  if (error instanceof ConnectorError) return error;
  throw new Error("no coded error was thrown", { cause: error });
}
