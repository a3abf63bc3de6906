import { expect, test } from "vitest";
import { inputs } from "../../bench/comparison/inputs.ts";
import { startSimulatedLightRag } from "../../bench/comparison/light-rags.ts";
import { countsOf, type Outcome, verdictOf } from "../../bench/comparison/outcome.ts";
import { play } from "../../bench/comparison/play.ts";
import { readResults } from "../../bench/comparison/results.ts";
import { wayNames, waysOf } from "../../bench/comparison/ways.ts";

/** The simulator scans no folder. */
const played = wayNames.filter((way) => way !== "scan-folder");
const ways = waysOf({ built: false });
const { outcomes } = readResults();
const fewMemories = 5;

const gist = (outcome: Outcome) => ({
  verdict: verdictOf(outcome),
  faults: [...countsOf(outcome).keys()].toSorted(),
});

test("the page has every input", () => {
  expect(Object.keys(outcomes)).toEqual(Object.keys(inputs));
});

// What the page says was seen at a real server; the simulator has to come to the same, with fewer memories.
test.concurrent.each(
  Object.entries(inputs).flatMap(([name, input]) => played.map((way) => ({ name, way, input }))),
)("$name: $way ends as the comparison says", { timeout: 120_000 }, async ({ name, way, input }) => {
  const outcome = await play(ways[way], input, startSimulatedLightRag, fewMemories);
  expect(gist(outcome)).toEqual(gist(outcomes[name]![way]!));
});
