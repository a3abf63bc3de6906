import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../../src/config/read-config.ts";
import { parseFileSource } from "../../../src/documents/file-source.ts";
import { createStrategy } from "../../../src/documents/registry.ts";
import { templateProblems } from "../../../src/documents/template/template-check.ts";
import { readTextFacts } from "../../../src/documents/text/text-facts.ts";
import { retryAfterMs } from "../../../src/kernel/http/retry-after.ts";
import { printable } from "../../../src/kernel/util/terminal-text.ts";
import { parseAnswer } from "../../../src/sinks/lightrag/embedded/extraction/parse-json-answer.ts";
import { placeIn } from "../../../src/sources/coordinates.ts";
import { momentInName } from "../../../src/sources/file-name-time.ts";
import { divideNote } from "../../../src/sources/folder/front-matter.ts";
import { firstHeading, readMarkdown } from "../../../src/sources/folder/markdown-text.ts";
import { parseTimestamp } from "../../../src/sources/timestamp.ts";
import { readTranscript, textExtensions } from "../../../src/sources/transcripts/transcript.ts";
import { memoryOf } from "../../contract/state-manager-samples.ts";
import { processorMsSince } from "../../support/processor-time.ts";
import { temporaryFolder } from "../../support/temp-folder.ts";

/** Long runs that make a backtracking pattern try every way of dividing them, with an end that fits none. */
const runs = [
  "a",
  "}",
  " ",
  "\t\n",
  "1",
  "-",
  ".",
  "/",
  ":",
  "#",
  "@",
  "{",
  "${",
  "{{",
  "<",
  "<|",
  "|>",
  "&",
  "%",
  "é",
  "(",
  '"',
  "\\",
  "aA",
  "http://",
  "a@a.",
  "#a",
];
const length = 40_000;
const hostile = runs.flatMap((run) => [
  run.repeat(length / run.length),
  `x${run.repeat(length / run.length)}!`,
]);

/** A pattern that backtracks takes minutes here; a busy machine does not. Milliseconds for all texts together. */
const budgetMs = 20_000;

const origin = { chunkId: "c", fileSource: "f" };

test.each<[string, (text: string) => unknown]>([
  ["a time", parseTimestamp],
  ["a document's name", parseFileSource],
  ["a model's records", (text) => parseAnswer(`entity<|#|>${text}<|#|>x<|#|>${text}\n${text}`, origin)],
  ["a model's JSON", (text) => parseAnswer(`{"entities":[{"name":${JSON.stringify(text)}}]}`, origin)],
  ["a model's code fence", (text) => parseAnswer(`\`\`\`json\n${text}`, origin)],
  ["a template", (text) => templateProblems(text)],
  [
    "a transcript in the standard document",
    (text) => createStrategy("standard").transform({ ...memoryOf("m"), transcript: text }),
  ],
  ["a note in Markdown", readMarkdown],
  ["a heading", (text) => firstHeading(`# ${text}`)],
  ["a note with front matter", (text) => divideNote(`---\n${text.slice(0, 2_000)}\n---\n`)],
  ["a place in a text", placeIn],
  ...textExtensions.map(
    (extension) =>
      [`a transcript in ${extension}`, (text: string) => readTranscript(extension, text)] as [
        string,
        (text: string) => unknown,
      ],
  ),
  ["subtitles", (text) => readTranscript("srt", `00:00:00,000 --> 00:00:01,000\n${text}`)],
  ["what was said after a time", (text) => readTranscript("txt", `0:00 ${text}\nAda  0:01 ${text}`)],
  ["a time in a name", (text) => momentInName(text, "UTC")],
  ["text for the terminal", printable],
  ["a header that says when to come back", (text) => retryAfterMs(text, text, 0)],
])("long hostile texts do not slow down reading %s", (_, read) => {
  const start = process.cpuUsage();
  for (const text of hostile) read(text);
  expect(processorMsSince(start)).toBeLessThan(budgetMs);
});

test("long hostile texts do not slow down finding tags, links and people", { timeout: 60_000 }, async () => {
  const start = process.cpuUsage();
  for (const text of hostile) await readTextFacts(text.slice(0, 5_000), new AbortController().signal);
  expect(processorMsSince(start)).toBeLessThan(budgetMs);
});

test("long hostile texts do not slow down reading a configuration", () => {
  const folder = temporaryFolder();
  const start = process.cpuUsage();
  for (const text of hostile) {
    writeFileSync(
      join(folder, "config.yaml"),
      `memory_api: { url: ${JSON.stringify(text)} }\nx: ${JSON.stringify(text)}`,
    );
    const read = () => readConfig({ path: "config.yaml", environment: {}, workingFolder: folder });
    expect(read).toThrow(expect.objectContaining({ name: "ConnectorError" }));
  }
  expect(processorMsSince(start)).toBeLessThan(budgetMs);
});
