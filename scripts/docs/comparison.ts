import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunCost } from "../../bench/comparison/costs.ts";
import { inputs } from "../../bench/comparison/inputs.ts";
import { countsOf, type Outcome, verdictOf } from "../../bench/comparison/outcome.ts";
import { type Results, readResults } from "../../bench/comparison/results.ts";
import { linesOf, type WayName, wayNames, waysOf } from "../../bench/comparison/ways.ts";
import { code, generatedNote, table } from "./markdown.ts";

const ways = waysOf({ built: true });

/** The page of the comparison: its prose, with what `npm run compare` has seen in place of the marks. */
export function renderComparison(): string {
  const results = readResults();
  const parts: Readonly<Record<string, () => string>> = {
    note: () => generatedNote("scripts/docs/comparison.md and bench/comparison/results.json"),
    seen: () => seen(results),
    memories: () => String(results.memories),
    ways: waysTable,
    outcomes: () => outcomesTable(results),
    costs: () => costsTable(results),
    measured: () => String(results.costs.memories),
  };
  const prose = readFileSync(join(import.meta.dirname, "comparison.md"), "utf8");
  return prose.replaceAll(/\{\{(\w+)\}\}/gu, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`comparison.md has the mark ${name}, which nothing fills`);
    return part();
  });
}

function seen({ seen: { day, versions } }: Results): string {
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${names.join(", ")}; ${day}`;
}

function waysTable(): string {
  const rows = wayNames.map((name) => {
    const way = ways[name];
    return [way.title, code(`bench/comparison/ways/${way.file}`), String(linesOf(way))];
  });
  return table(["way", "what its user keeps", "lines"], rows);
}

const heads = wayNames.map((name) => ways[name].title);

function outcomesTable({ outcomes }: Results): string {
  const rows = Object.entries(inputs).map(([name, input]) => [
    `${input.title}: ${input.why}${input.hopeless === true ? " ¹" : ""}`,
    ...wayNames.map((way) => cellOf(seenOf(outcomes, name, way))),
  ]);
  return table(["what happens", ...heads], rows);
}

function seenOf(outcomes: Results["outcomes"], name: string, way: WayName): Outcome {
  const outcome = outcomes[name]?.[way];
  if (outcome === undefined) throw new Error(`${name} was not played by ${way}: npm run compare`);
  return outcome;
}

function cellOf(outcome: Outcome): string {
  const verdict = verdictOf(outcome);
  if (verdict === "right") return "right";
  const counts = Array.from(countsOf(outcome), ([fault, count]) => `${count} ${fault}`);
  if (verdict === "silent") return `${counts.join(", ")}, **silent**`;
  const named = outcome.named ? ", names it" : "";
  return `${counts.join(", ")}, said (exit ${outcome.exits.at(-1)}${named})`;
}

function costsTable({ costs }: Results): string {
  const run = ({ cpuSeconds, requests }: RunCost) => [cpuSeconds.toFixed(2), String(requests)];
  const rows = wayNames.map((way) => {
    const cost = costs.ways[way];
    if (cost === undefined) throw new Error(`${way} was not measured: npm run compare`);
    return [ways[way].title, ...run(cost.first), ...run(cost.again)];
  });
  return table(["way", "first run, CPU s", "its requests", "nothing new, CPU s", "its requests"], rows);
}
