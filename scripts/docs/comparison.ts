import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cost, RunCost } from "../../bench/comparison/costs.ts";
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
    count: () => String(Object.keys(inputs).length),
    firstRequests: () => firstRequests(results),
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
    ...wayNames.map((way) => cellOf(seenOf(outcomes, name, way)) + (qualified[way]?.[name] ?? "")),
  ]);
  return table(["what happens", ...heads], rows);
}

/** What a cell would hide without these words; test/integration/comparison.test.ts shows them. */
const qualified: Readonly<Partial<Record<WayName, Readonly<Record<string, string>>>>> = {
  "memory-connector": {
    deleted: " when told to; by default 1 still there, **silent** ²",
    cappedOddly: " until a new memory comes ³",
  },
};

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
  const run = ({ seconds, cpuSeconds, requests }: RunCost) => [
    seconds.toFixed(1),
    cpuSeconds.toFixed(2),
    String(requests),
  ];
  const rows = wayNames.map((way) => {
    const { first, again } = costSeen(costs, way);
    return [ways[way].title, ...run(first), ...run(again)];
  });
  const measured = ["s", "CPU s", "requests"];
  return table(
    [
      "way",
      ...measured.map((unit) => `first run, ${unit}`),
      ...measured.map((unit) => `nothing new, ${unit}`),
    ],
    rows,
  );
}

/** `124 against 20, 1 and 67`: memory-connector's, and the others' in the order of the table. */
function firstRequests({ costs }: Results): string {
  const requests = (way: WayName) => String(costSeen(costs, way).first.requests);
  const others = wayNames.filter((way) => way !== "memory-connector").map(requests);
  return `${requests("memory-connector")} against ${others.slice(0, -1).join(", ")} and ${others.at(-1)}`;
}

function costSeen(costs: Results["costs"], way: WayName): Cost {
  const cost = costs.ways[way];
  if (cost === undefined) throw new Error(`${way} was not measured: npm run compare`);
  return cost;
}
