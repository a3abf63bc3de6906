import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { text as streamText } from "node:stream/consumers";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { cleanText, strip } from "../../src/sinks/lightrag/clean-text.ts";
import {
  type ParsedAnswer,
  parseTextAnswer,
} from "../../src/sinks/lightrag/embedded/extraction/parse-answer.ts";
import { parseAnswer } from "../../src/sinks/lightrag/embedded/extraction/parse-json-answer.ts";
import { loadTokenizer } from "../../src/sinks/lightrag/embedded/text/tokenizer.ts";
import { lightragPython } from "../support/python-environment.ts";
import { lightragMissing, pinnedVersions } from "../support/python-lightrag.ts";
import { tokenizerFolder } from "../support/python-tokenizers.ts";

/** Pieces of which answers are made: well-formed, garbled in the known ways, and text that looks like either. */
const pieces = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom("<|#|>", "\n", "entity<|#|>", "relation<|#|>", "relationship<|#|>"),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "<|>",
      "<||>",
      "<#>",
      "<|#>",
      "<#|>",
      "<|##|>",
      "<|#||#|>",
      "<X|#|>",
      "<|#|Y>",
      "<||#||>",
      "<X#|>",
      "<|#X>",
      "<|#|",
      "<|#||",
      "<|#:",
      "<||#>",
      "<||",
      "|#|>",
      "<|#|>|",
      "||#||",
      String.raw`<|\#|>`,
      "<|#|>entity<|#|>",
      "<|COMPLETE|>",
      "<|complete|>",
      "<|#|>relation<|#|>",
      "Entity<|#|>",
      " <|> ",
      "x <|| y",
    ),
  },
  {
    weight: 10,
    arbitrary: fc.constantFrom(
      "Ada Lovelace",
      "person",
      "Organization, Group",
      "She works for 'Acme'.",
      '"quoted"',
      "“curly”",
      "‘x’",
      "《书名》",
      "北京 大学",
      "北京 University 2",
      "ＡＢＣ１２３",
      "（全角）",
      "—dash",
      "12",
      "1.2",
      "1.2.34",
      "2023",
      "a/b",
      "type|x",
      "__proto__",
      "&lt;b&gt;",
      "&amp;amp;",
      "<p>para</p>",
      "<br/>",
      "a\u00a0b",
      "x\u202fy",
      "3\u202f4",
      "k1，k2, k3",
      "",
      " ",
      "\t",
      "\u0085",
      "\ufeff",
      "\u0007",
      "é\u0301",
      "\u{1F600}",
      "它说'好'",
      "²",
      "②.",
      "ＩＤ　７",
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }) },
);
const answers = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));
const rows = fc
  .array(
    fc.tuple(
      fc.constantFrom("entity", "relation", "relationship"),
      fc.array(pieces, { minLength: 2, maxLength: 5 }),
    ),
  )
  .map((records) => records.map(([kind, fields]) => [kind, ...fields].join("<|#|>")).join("\n"));
const jsonAnswers = fc
  .record({
    entities: fc.array(fc.record({ name: pieces, type: pieces, description: pieces })),
    relationships: fc.array(
      fc.record({ source: pieces, target: pieces, keywords: pieces, description: pieces }),
    ),
  })
  .chain((answer) =>
    fc
      .constantFrom("$", "```json\n$\n```", "Here it is: $", "$ That was {it}.")
      .map((frame) => frame.replace("$", () => JSON.stringify(answer))),
  );

interface Reference {
  parsed: { entities: unknown[]; relations: unknown[] };
  rebuilt: { entities: unknown[]; relations: unknown[] };
  chunks: { tokens: number; content: string }[];
  tokens: number;
  summary: string;
}

describe.skipIf(lightragMissing !== null)("LightRAG's own rules, text by text", () => {
  const texts = [
    ...fc.sample(answers, { numRuns: 3000, seed: 1 }),
    ...fc.sample(rows, { numRuns: 4000, seed: 2 }),
    ...fc.sample(jsonAnswers, { numRuns: 500, seed: 3 }),
    "a".repeat(3000),
    "名".repeat(400),
  ].map((text) => text.toWellFormed());
  let reference: Reference[];

  beforeAll(async () => {
    reference = await askReference(texts);
  });

  test("an answer in record format is read as LightRAG reads it", () => {
    for (const [i, text] of texts.entries()) {
      expect(rowsOf(parseTextAnswer(text, origin)), JSON.stringify(text)).toEqual(reference[i]!.parsed);
    }
  });

  test("a cached answer in either format is read as LightRAG reads it", () => {
    for (const [i, text] of texts.entries()) {
      expect(rowsOf(parseAnswer(text, origin)), JSON.stringify(text)).toEqual(reference[i]!.rebuilt);
    }
  });

  test("tokens are counted and windows are cut as LightRAG does", async () => {
    const tokenizer = await loadTokenizer();
    for (const [i, text] of texts.entries()) {
      // JavaScript's `\\s` takes U+FEFF for a space and U+0085 not; Python sees it the other way round.
      if (/[\u{FEFF}\u{85}]/u.test(text)) continue;
      expect(tokenizer.count(text), JSON.stringify(text)).toBe(reference[i]!.tokens);
      const windows = tokenizer
        .windows(text, 20, 17)
        .map(({ tokens, content }) => ({ tokens, content: strip(content) }));
      expect(windows, JSON.stringify(text)).toEqual(
        reference[i]!.chunks.map(({ tokens, content }) => ({ tokens, content })),
      );
    }
  });

  test("texts are cleaned as LightRAG does", () => {
    for (const [i, text] of texts.entries()) {
      const summary = Array.from(cleanText(text));
      const expected = summary.length <= 250 ? summary.join("") : `${summary.slice(0, 250).join("")}...`;
      expect(expected).toBe(reference[i]!.summary);
    }
  });
});

const origin = { chunkId: "chunk", fileSource: "file" };

function rowsOf({ entities, relations }: ParsedAnswer): Reference["parsed"] {
  return {
    entities: [...entities].map(([name, found]) => [name, found.map((m) => [m.type, m.description])]),
    relations: [...relations.values()].map((found) => [
      [found[0]!.source, found[0]!.target],
      found.map((m) => [m.keywords, m.description]),
    ]),
  };
}

async function askReference(texts: string[]): Promise<Reference[]> {
  const script = join(dirname(import.meta.filename), "reference-rules.py");
  const child = spawn(await lightragPython(pinnedVersions["1.5"]), [script], {
    env: { PATH: process.env.PATH, TIKTOKEN_CACHE_DIR: await tokenizerFolder() },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(texts));
  return JSON.parse(await streamText(child.stdout));
}
