import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { auditActions } from "../../src/access/audit/audit-action.ts";
import { commands } from "../../src/cli/commands.ts";
import { declaredSettings } from "../../src/config/schema/settings.ts";
import { errorCodes } from "../../src/kernel/errors/codes.ts";
import { readYaml } from "../support/config.ts";
import { argumentsToImage } from "../support/docker-run.ts";
import { commandOf, faultOfCommandLine, wordsOf } from "../support/parse-command-line.ts";
import { codeBlocks, codeSpans, docPages, typedLines } from "../support/shell-blocks.ts";

const root = new URL("../../", import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const otherPrograms = new Set(["cd", "curl", "export", "mkdir", "mv", "openssl", "printf", "tar", "source"]);

/** Of the page of the deployment: `npm run test:deploy` does what they stand for, the command line of memory-connector is looked at here. */
const deploymentPrograms = new Set(["cp", "docker", "helm", "kubectl", "install", "ollama", "systemctl"]);

/** What stands for something of the reader's own, where not anything will do. */
const examples: Readonly<Record<string, string>> = {
  COMMAND: "status",
  "NUMBER:HASH": `1:${"ab12".repeat(16)}`,
};

/** What is wrong with a line that a reader types; null when nothing is. */
async function faultOf(line: string): Promise<string | null> {
  const [program = "", ...words] = wordsOf(line).map((word) => examples[word] ?? word);
  if (otherPrograms.has(program)) return null;
  if (deploymentPrograms.has(program)) return faultOfDeployment(line);
  if (program === "memory-connector") return faultOfCommandLine(words);
  if (program === "npx") return faultOf(words.join(" "));
  if (program === "npm") return faultOfScript(words.filter((word) => word !== "-s"));
  return `nobody knows ${program}`;
}

/** A line of another program: files of ours that it names are there, and the image is given a command line. */
async function faultOfDeployment(line: string): Promise<string | null> {
  const missing = wordsOf(line).find(
    (word) => word.startsWith("deploy/") && !existsSync(new URL(word, root)),
  );
  if (missing !== undefined) return `there is no ${missing}`;
  const words = argumentsToImage(line) ?? [];
  // Without arguments the image serves.
  return words.length === 0 ? null : faultOfCommandLine(words);
}

async function faultOfScript([verb = "", script = "", ...words]: readonly string[]): Promise<string | null> {
  if (verb === "ci" || verb === "install") return null;
  const name = verb === "run" ? script : verb;
  if (!Object.hasOwn(scripts, name)) return `there is no script ${name}`;
  if (name === "cli") return faultOfCommandLine(words.slice(1));
  return name === "demo" ? faultOfCommandLine(["demo", ...words.slice(1)]) : null;
}

const typed = docPages.flatMap((page) => typedLines(page).map((line) => [page.path, line] as const));
const spans = docPages.flatMap((page) => codeSpans(page).map((span) => [page.path, span] as const));

test("the pages show commands", () => {
  expect(new Set(typed.map(([path]) => path)).size).toBeGreaterThan(5);
  expect(typed.length).toBeGreaterThan(80);
});

test.each([...typed, ...spans.filter(([, span]) => /^(?:memory-connector|npx|npm) /u.test(span))])(
  "%s: %s is typed as it stands",
  async (_, line) => {
    for (const part of line.replace(/ …$/u, "").split(" | ")) expect(await faultOf(part)).toBeNull();
  },
);

const shortened = spans.filter(
  ([, span]) => / --[a-z]/u.test(span) && commandOf(wordsOf(span)) !== undefined,
);

test.each(shortened)("%s: %s names options of its command", (_, span) => {
  const command = commandOf(wordsOf(span));
  const known = command?.options.map(({ long }) => long);
  for (const [option] of span.matchAll(/--[a-z][a-z-]*/gu)) expect(known).toContain(option);
});

const everyOption = new Set(
  commands.flatMap(({ options, children = [] }) =>
    [...options, ...children.flatMap((child) => child.options)].map(({ long }) => long),
  ),
);
const options = spans.filter(([, span]) => /^--[a-z][a-z-]*(?:[ =]|$)/u.test(span));

test.each(options)("%s: %s is an option of a command", (_, span) => {
  expect([...everyOption, "--json", "--verbose", "--help"]).toContain(/^--[a-z-]+/u.exec(span)?.[0]);
});

/** `connectors[].retry.max_attempts` and all that lies above it. */
const settings = new Set(
  declaredSettings().flatMap(({ pattern }) =>
    pattern.map((_, end) =>
      pattern
        .slice(0, end + 1)
        .filter((key) => key !== "[]")
        .join("."),
    ),
  ),
);
const blocks = new Set([...settings].filter((name) => !name.includes(".")));
const actions: readonly string[] = auditActions;
const named = spans.filter(
  ([, span]) => blocks.has(/^(\w+)(?:\[\])?\.[a-z_]/u.exec(span)?.[1] ?? "") && !actions.includes(span),
);

test("the pages name settings", () => {
  expect(named.length).toBeGreaterThan(50);
});

test.each(named)("%s: %s is a setting", (_, span) => {
  const name = span
    .replaceAll("[]", "")
    .replace(/[^\w.].*$/u, "")
    .replace(/\.$/u, "");
  expect(settings).toContain(name);
});

const codes = spans.filter(([, span]) =>
  /^(?:CONFIG|SOURCE|SINK|STATE|API|MEMORY|MEDIA|SECRETS|ARCHIVE)_[A-Z_]+$/u.test(span),
);

test.each(codes)("%s: %s is an error's code, or an environment variable", (_, span) => {
  expect([...Object.keys(errorCodes), "MEMORY_API_KEY"]).toContain(span);
});

const files = docPages
  .flatMap((page) =>
    codeBlocks(page)
      .filter(({ language }) => language === "yaml")
      .map(({ text }) => [page.path, text] as const),
  )
  .filter(([path, yaml]) => path !== "docs/configuration.md" && !/^(?:http:|# values\.yaml)/u.test(yaml));

test.each(files)("%s: a configuration that it shows is one: %s", (_, yaml) => {
  const ends = yaml.includes("memory_api:") ? "" : 'memory_api: { url: "http://127.0.0.1:8080" }\n';
  const connectors = yaml.includes("connectors:\n")
    ? ""
    : "\nconnectors: [{ id: personal-memories, context_id: C }]";
  const names = [...yaml.matchAll(/\$\{(\w+)\}/gu)].map(([, name = ""]) => name);
  const environment = Object.fromEntries(names.map((name) => [name, "https://hooks.example.org/x"]));
  expect(() => readYaml(ends + yaml + connectors, { environment })).not.toThrow();
});

test.each(typed.map(([, line]) => line).filter((line) => (argumentsToImage(line)?.length ?? 0) > 0))(
  "%s names no server of the container itself",
  (line) => {
    const servers = argumentsToImage(line)?.filter((word) => word.startsWith("http")) ?? [];
    for (const server of servers) expect(server).not.toMatch(/127\.0\.0\.1|localhost|\[::1\]/u);
    const reachesHost = servers.some((server) => server.includes("host.docker.internal"));
    if (reachesHost) expect(line).toContain("--add-host host.docker.internal:host-gateway");
  },
);
