/**
 * How much of the evidence of a question is among the first ten memories found, by query mode with the builtin models, beside
 * plain BM25 over the same memories, as a Memory API lists them or, with `--transcripts`, as a folder of transcripts has them. One index a conversation; the questions and their evidence are those of ../shared/data.
 * Fails when the best mode does not beat the best baseline.
 * With `--languages` the share among the first ten and the first three, by language, of a small world that is told in each of them, and of what the
 * built-in extractor found there the share that a person would name, and of the names the share that it found.
 * With `--model` the vectors are those of the sentence model in a folder, as `lightrag.direct.embedding.model_path` names it.
 * Usage: node bench/recall.ts [--transcripts | --languages] [--model <folder>]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { languageContexts, realContexts, realMemoriesMissing } from "../test/support/real-memories.ts";
import { type Conversation, indexConversation, type Origin } from "./recall/conversation.ts";
import { entityQuality } from "./recall/entities.ts";
import { byMode, depth, type Find, type Method, methods } from "./recall/methods.ts";

interface Row {
  method: Method;
  /** One value a question, 0 to 1, by conversation. */
  recalls: number[][];
  /** Milliseconds a question. */
  time: number;
}

async function measure(
  method: Method,
  conversation: Conversation,
): Promise<{ recalls: number[]; ms: number }> {
  const find = method.prepare(conversation);
  const start = performance.now();
  const recalls = await recallsOf(find, conversation, depth);
  return { recalls, ms: performance.now() - start };
}

/** For each question the share of its evidence that is among the first memories found. */
async function recallsOf(find: Find, { questions }: Conversation, most: number): Promise<number[]> {
  const recalls: number[] = [];
  for (const { question, evidence } of questions) {
    const found = new Set((await find(question)).slice(0, most));
    recalls.push(evidence.filter((id) => found.has(id)).length / evidence.length);
  }
  return recalls;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function percent(value: number): string {
  return (100 * value).toFixed(1).padStart(6);
}

function print(rows: readonly Row[]): void {
  const names = realContexts.map((name) => name.padStart(6)).join(" ");
  console.log(`${"recall@10, %".padEnd(26)} ${names}    all   ms/question`);
  for (const { method, recalls, time } of rows) {
    const each = recalls.map((values) => percent(mean(values))).join(" ");
    console.log(
      `${method.name.padEnd(26)} ${each} ${percent(mean(recalls.flat()))}   ${time.toFixed(1).padStart(6)}`,
    );
  }
}

function bestOf(rows: readonly Row[], kind: Method["kind"]): Row | undefined {
  const ofKind = rows.filter(({ method }) => method.kind === kind);
  return ofKind.toSorted((a, b) => mean(b.recalls.flat()) - mean(a.recalls.flat()))[0];
}

async function run(folder: string, origin: Origin): Promise<void> {
  const rows = methods.map((method): Row => ({ method, recalls: [], time: 0 }));
  for (const name of realContexts) {
    const conversation = await indexConversation(name, { folder: join(folder, name), origin });
    const { documents, questions, speed } = conversation;
    console.error(
      `${name}: ${documents.length} memories at ${speed.toFixed(0)}/s, ${questions.length} questions`,
    );
    for (const row of rows) {
      const { recalls, ms } = await measure(row.method, conversation);
      row.recalls.push(recalls);
      row.time += ms;
    }
    await conversation.client.close();
  }
  for (const row of rows) row.time /= row.recalls.flat().length;
  print(rows);
  const [mode, baseline] = [bestOf(rows, "mode"), bestOf(rows, "baseline")];
  const ahead = mean(mode?.recalls.flat() ?? []) - mean(baseline?.recalls.flat() ?? []);
  console.log(
    `best mode ${mode?.method.name} is ${(100 * ahead).toFixed(1)} points ahead of ${baseline?.method.name}`,
  );
  process.exitCode = ahead > 0 ? 0 : 1;
}

/** In languages one looks for what falls behind, not for a winner. */
async function runLanguages(folder: string): Promise<void> {
  console.log("mode mix, %    recall@10  recall@3   entities: precision  names found");
  const all: [ten: number[], three: number[]] = [[], []];
  for (const name of languageContexts) {
    const conversation = await indexConversation(name, { folder: join(folder, name), origin: "memory_api" });
    const find = byMode(conversation, "mix");
    const [ten, three] = [await recallsOf(find, conversation, depth), await recallsOf(find, conversation, 3)];
    const { precision, names } = await entityQuality(name);
    console.log(
      `${name.padEnd(16)} ${percent(mean(ten))}    ${percent(mean(three))}               ${percent(precision)}       ${percent(names)}`,
    );
    all[0].push(...ten);
    all[1].push(...three);
    await conversation.client.close();
  }
  console.log(`${"all".padEnd(16)} ${percent(mean(all[0]))}    ${percent(mean(all[1]))}`);
}

if (realMemoriesMissing !== null) {
  console.log(realMemoriesMissing);
} else {
  const folder = await mkdtemp(join(tmpdir(), "memory-connector-recall-"));
  try {
    if (process.argv.includes("--languages")) await runLanguages(folder);
    else await run(folder, process.argv.includes("--transcripts") ? "transcripts" : "memory_api");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
