/**
 * Plays ten things that happen to everybody who carries memories, for each of four ways to bring them into LightRAG: a real server
 * from PyPI over a scripted model. Writes bench/comparison/results.json, from which docs/comparison.md is made.
 *
 *   npm run compare                                     # all of it, some 20 minutes
 *   npm run compare -- --input edited --way cron-curl   # one, printed and not written
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { lightragMissing, pinnedVersions } from "../test/support/python-lightrag.ts";
import { type Cost, costOf } from "./comparison/costs.ts";
import { inputs } from "./comparison/inputs.ts";
import { startRealLightRag } from "./comparison/light-rags.ts";
import { type Outcome, verdictOf } from "./comparison/outcome.ts";
import { play } from "./comparison/play.ts";
import { type Results, resultsPath } from "./comparison/results.ts";
import { type WayName, wayNames, waysOf } from "./comparison/ways.ts";

const memories = 12;
const measuredMemories = 50;
const ways = waysOf({ built: true });

async function playAll(names: readonly string[], only: readonly WayName[]): Promise<Results["outcomes"]> {
  const outcomes: Record<string, Record<string, Outcome>> = {};
  for (const name of names) {
    const input = inputs[name];
    if (input === undefined) throw new Error(`no input ${name}; there are ${Object.keys(inputs).join(", ")}`);
    const ofWays: Record<string, Outcome> = {};
    for (const way of only) {
      const outcome = await play(ways[way], input, startRealLightRag, memories);
      console.log(`${name.padEnd(12)}${way.padEnd(18)}${verdictOf(outcome).padEnd(8)}${said(outcome)}`);
      ofWays[way] = outcome;
    }
    outcomes[name] = ofWays;
  }
  return outcomes as Results["outcomes"];
}

function said({ wrong, exits }: Outcome): string {
  return `${JSON.stringify(wrong)} exits ${exits.map((exit) => exit ?? "killed").join(", ")}`;
}

async function measureAll(): Promise<Record<WayName, Cost>> {
  const costs: Partial<Record<WayName, Cost>> = {};
  for (const way of wayNames) {
    costs[way] = await costOf(ways[way], startRealLightRag, measuredMemories);
    console.log(`${way.padEnd(18)}${JSON.stringify(costs[way])}`);
  }
  return costs as Record<WayName, Cost>;
}

function versions(): Record<string, string> {
  const firstLine = (program: string, ...args: string[]) =>
    execFileSync(program, args, { encoding: "utf8" }).split("\n")[0] ?? "";
  return {
    LightRAG: pinnedVersions["1.5"],
    curl: /^curl (\S+)/u.exec(firstLine("curl", "--version"))?.[1] ?? "",
    jq: firstLine("jq", "--version").replace("jq-", ""),
    Python: firstLine("python3", "--version").replace("Python ", ""),
    Node: process.version.slice(1),
  };
}

const { values } = parseArgs({
  options: { input: { type: "string", multiple: true }, way: { type: "string", multiple: true } },
});
if (lightragMissing !== null) throw new Error(lightragMissing);
const outcomes = await playAll(
  values.input ?? Object.keys(inputs),
  wayNames.filter((name) => values.way?.includes(name) ?? true),
);
if (values.input === undefined && values.way === undefined) {
  const day = new Date().toISOString().slice(0, 10);
  const costs = { memories: measuredMemories, ways: await measureAll() };
  const results: Results = { seen: { day, versions: versions() }, memories, outcomes, costs };
  writeFileSync(resultsPath, `${JSON.stringify(results, null, 2)}\n`);
  console.log("wrote bench/comparison/results.json; now: npm run docs:generate");
}
