/**
 * Plays what can happen to whoever carries memories, for each of four ways to bring them into LightRAG: a real server
 * from PyPI over a scripted model. Writes bench/comparison/results.json, from which docs/comparison.md is made.
 *
 *   npm run compare                                     # all of it, some 20 minutes
 *   npm run compare -- --input edited --way cron-curl   # one, in the place of what was seen of it before
 *   npm run compare -- --costs                          # only what the ways cost
 */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { lightragMissing, pinnedVersions } from "../test/support/python-lightrag.ts";
import { costOf } from "./comparison/costs.ts";
import { inputs } from "./comparison/inputs.ts";
import { startRealLightRag } from "./comparison/light-rags.ts";
import { type Outcome, verdictOf } from "./comparison/outcome.ts";
import { play } from "./comparison/play.ts";
import { type Results, readResults, resultsPath } from "./comparison/results.ts";
import { type WayName, wayNames, waysOf } from "./comparison/ways.ts";

const memories = 8;
const measuredMemories = 20;
const ways = waysOf({ built: true });

/** The ways of one input side by side: each has a source and a LightRAG of its own. */
async function playInput(name: string, only: readonly WayName[]): Promise<Record<string, Outcome>> {
  const input = inputs[name];
  if (input === undefined) throw new Error(`no input ${name}; there are ${Object.keys(inputs).join(", ")}`);
  const played = only.map(async (way) => {
    const outcome = await play(ways[way], input, startRealLightRag, memories);
    console.log(`${name.padEnd(12)}${way.padEnd(18)}${verdictOf(outcome).padEnd(8)}${said(outcome)}`);
    return [way, outcome] as const;
  });
  return Object.fromEntries(await Promise.all(played));
}

function said({ wrong, exits }: Outcome): string {
  return `${JSON.stringify(wrong)} exits ${exits.map((exit) => exit ?? "killed").join(", ")}`;
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
  options: {
    input: { type: "string", multiple: true },
    way: { type: "string", multiple: true },
    costs: { type: "boolean", default: false },
  },
});
if (lightragMissing !== null) throw new Error(lightragMissing);
const chosen = wayNames.filter((name) => values.way?.includes(name) ?? true);
const kept = existsSync(resultsPath) ? readResults() : null;
const seen = { day: new Date().toISOString().slice(0, 10), versions: versions() };
const isWhole = values.input === undefined && values.way === undefined && !values.costs;
if (kept !== null && !isWhole && !isDeepStrictEqual(kept.seen.versions, seen.versions))
  throw new Error(
    "results.json was made with other versions: play all of it, without --input, --way and --costs",
  );
const results: Results = {
  // What is kept was seen then, so that a part that is played anew does not make the whole look younger.
  seen: kept === null || isWhole ? seen : kept.seen,
  memories,
  outcomes: kept?.outcomes ?? {},
  costs: { memories: measuredMemories, ways: kept?.costs.ways ?? {} },
};
const keep = () => writeFileSync(resultsPath, `${JSON.stringify(results, null, 2)}\n`);

for (const way of values.input === undefined ? chosen : []) {
  results.costs.ways[way] = await costOf(ways[way], startRealLightRag, measuredMemories);
  console.log(`${way.padEnd(18)}${JSON.stringify(results.costs.ways[way])}`);
  keep();
}
for (const name of values.costs ? [] : (values.input ?? Object.keys(inputs))) {
  results.outcomes[name] = { ...results.outcomes[name], ...(await playInput(name, chosen)) };
  keep();
}
console.log("wrote bench/comparison/results.json; now: npm run docs:generate");
