import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { runCli } from "../support/cli.ts";
import { wordsOf } from "../support/parse-command-line.ts";
import { makeWorld } from "../support/service.ts";
import { codeBlocks, docPages, typedLines } from "../support/shell-blocks.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const root = join(import.meta.dirname, "../..");
const blocks = docPages.flatMap((page) =>
  codeBlocks(page).map(({ language, text }) => ({ path: page.path, language, text })),
);

/** Who runs the code of a page. The first line that fits counts. */
interface Keeper {
  language: string;
  /** Left out: all pages. */
  pages?: readonly string[];
  /** What the code begins with, where a page has several kinds. */
  begins?: string;
  /** The test that runs it, from the project's root; or why nobody can here, and what is looked at instead. */
  by: string | { notRun: string };
}

const here = "test/integration/examples-in-docs.test.ts";
const adding = [
  "docs/adding-a-channel.md",
  "docs/adding-a-sink.md",
  "docs/adding-a-store.md",
  "docs/adding-an-operation.md",
];

const keepers: readonly Keeper[] = [
  { language: "bash", by: "test/integration/commands-in-docs-run.test.ts" },
  { language: "sh", by: "test/integration/commands-in-docs-run.test.ts" },
  { language: "yaml", pages: ["docs/configuration.md"], by: "test/integration/generated-docs.test.ts" },
  { language: "yaml", begins: "# values.yaml", by: "test/deploy/chart.test.ts" },
  {
    language: "yaml",
    begins: "http:",
    by: { notRun: "Traefik has no package here; its settings are read as YAML" },
  },
  { language: "yaml", by: "test/integration/commands-in-docs.test.ts" },
  { language: "ts", pages: [...adding, "docs/sources.md"], by: "test/contract/pages-are-whole.test.ts" },
  { language: "diff", pages: [...adding, "docs/sources.md"], by: "test/contract/pages-are-whole.test.ts" },
  { language: "js", pages: ["docs/alerts.md"], by: "test/integration/alerts-doc.test.ts" },
  { language: "js", pages: ["docs/api.md"], by: "test/e2e/api-examples.test.ts" },
  { language: "json", by: here },
  { language: "ini", by: here },
  { language: "caddy", by: "test/integration/behind-caddy.test.ts" },
  { language: "text", pages: ["README.md", "docs/getting-started.md"], by: here },
  { language: "text", pages: ["docs/guides/files.md"], by: here },
  { language: "text", pages: ["docs/troubleshooting.md"], by: "test/integration/symptoms-in-docs.test.ts" },
  { language: "text", pages: ["docs/cli.md"], by: "test/integration/samples-of-commands.test.ts" },
  { language: "text", pages: ["docs/transformation.md"], by: "test/integration/generated-docs.test.ts" },
  { language: "mustache", pages: ["docs/transformation.md"], by: "test/integration/generated-docs.test.ts" },
  { language: "", pages: ["docs/architecture.md", "docs/opentelemetry.md"], by: { notRun: "a drawing" } },
];

const keeperOf = ({ path, language, text }: (typeof blocks)[number]) =>
  keepers.find(
    ({ language: kind, pages = [path], begins = "" }) =>
      kind === language && pages.includes(path) && text.startsWith(begins),
  );

test("every example of every page is run by a test, or says why it cannot be", () => {
  // What `--json` prints are schemas, made from those that the commands are tested by.
  const shown = blocks.filter(({ path }) => path !== "docs/cli-json.md");
  expect(shown.length).toBeGreaterThan(150);
  expect(shown.filter((block) => keeperOf(block) === undefined)).toEqual([]);
});

test.each(docPages)("$path: no fence is of a form that is not read here", (page) => {
  expect(page.text.match(/^ *(?:```|~~~)/gmu)?.length ?? 0).toBe(2 * codeBlocks(page).length);
});

test.each(keepers)("$language $pages $begins: there is such code, and who runs it is there", (keeper) => {
  expect(blocks.some((block) => keeperOf(block) === keeper)).toBe(true);
  if (typeof keeper.by === "string") expect(existsSync(join(root, keeper.by)), keeper.by).toBe(true);
});

/** Programs whose lines are looked at and not run by the tests of the pages, and why. */
const notRun: Readonly<Record<string, string>> = {
  cp: "copies a file of the checkout; commands-in-docs.test.ts looks whether it is there",
  curl: "api-examples.test.ts and newcomer.test.ts run it against a service",
  docker:
    "no engine here; image.test.ts runs the same arguments in the image, compose.test.ts the same processes",
  helm: "chart.test.ts renders the same arguments; there is no cluster",
  install: "would write to /etc; systemd.test.ts looks at the units",
  kubectl: "there is no cluster; chart.test.ts validates what is applied",
  npm: "what CI itself runs: each script is there",
  ollama: "downloads gigabytes of a model",
  openssl: "what-is-sent-is-delivered.test.ts runs it with the page's curl",
  systemctl: "there is no systemd at work; systemd.test.ts runs what the units start",
};
const shellWords = new Set(["cd", "export", "mkdir", "mv", "printf", "tar"]);

test("of every program in a shell example somebody knows why it is run here, or why not", () => {
  const programs = docPages.flatMap(typedLines).map((line) => wordsOf(line)[0] ?? "");
  const known = new Set([...Object.keys(notRun), ...shellWords, "memory-connector", "npx"]);
  expect([...new Set(programs)].filter((program) => !known.has(program))).toEqual([]);
  expect(Object.keys(notRun).filter((program) => !programs.includes(program))).toEqual([]);
});

test.each(blocks.filter(({ language }) => language === "json"))("$path: the JSON can be read", ({ text }) => {
  expect(() => JSON.parse(text)).not.toThrow();
});

test("settings of Traefik can be read", () => {
  const [settings] = blocks.filter(({ text }) => text.startsWith("http:"));
  expect(parse(settings?.text ?? "")).toHaveProperty("http.routers");
});

test.each(blocks.filter(({ language }) => language === "ini"))(
  "$path: the variables that it shows are those of Compose, and no other",
  ({ text }) => {
    const example = readFileSync(join(root, "deploy/compose/.env.example"), "utf8");
    for (const line of text.trimEnd().split("\n")) {
      const [, name = ""] = /^([A-Z_]+)=\S+$/u.exec(line) ?? [];
      expect(example).toMatch(new RegExp(`^${name}=`, "mu"));
    }
  },
);

const outputs = blocks.filter(
  ({ path, language }) => language === "text" && ["README.md", "docs/getting-started.md"].includes(path),
);

test.each(outputs)("$path: a command prints what it shows: $text", async ({ text }) => {
  const { out } = text.startsWith("demo:") ? await demo() : await firstSync();
  expect(out.replaceAll(/after [\d.]+ m?s$/gmu, "after …")).toMatch(shownIn(text));
});

/** Its lines in this order; a line `…` stands for any that are left out. */
function shownIn(text: string): RegExp {
  const lines = text.trimEnd().replaceAll(/after (?:…|[\d.]+ m?s)$/gmu, "after …");
  const parts = lines
    .split(/\n…\n?/u)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join("\n(?:.*\n)*?")}`, "mu");
}

test("docs/guides/files.md: each row of the table that it shows is a memory", async () => {
  const table = blocks.find(({ path, language }) => path === "docs/guides/files.md" && language === "text");
  const folder = temporaryFolder();
  writeFileSync(join(folder, "notes.csv"), table?.text ?? "");
  const { out } = await runCli(["import", "notes.csv", "--timezone", "Europe/Berlin"], { cwd: folder });
  expect(out).toContain("2 proved processed");
});

const demo = () => runCli(["demo"], { cwd: temporaryFolder() });

async function firstSync() {
  const { folder, configure } = await makeWorld(5);
  configure("connectors: [{ id: personal-memories, context_id: CTX }]");
  return runCli(["sync"], { cwd: folder });
}
