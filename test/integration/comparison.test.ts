import { expect, test } from "vitest";
import { inputs, noteOf } from "../../bench/comparison/inputs.ts";
import { startSimulatedLightRag } from "../../bench/comparison/light-rags.ts";
import { countsOf, type Outcome, verdictOf } from "../../bench/comparison/outcome.ts";
import { play } from "../../bench/comparison/play.ts";
import { readResults } from "../../bench/comparison/results.ts";
import { type Way, wayNames, waysOf } from "../../bench/comparison/ways.ts";
import type { World } from "../../bench/comparison/world.ts";

const ways = waysOf({ built: false });
const { outcomes } = readResults();
const fewMemories = 5;

/** The simulator scans no folder. The script starts three programs for each memory, which takes long with a capped list's many. */
const played = Object.entries(inputs).flatMap(([name, input]) =>
  wayNames
    .filter((way) => way !== "scan-folder" && !(way === "cron-curl" && input.memories !== undefined))
    .map((way) => ({ name, way, input })),
);

const gist = (outcome: Outcome) => ({
  verdict: verdictOf(outcome),
  faults: [...countsOf(outcome).keys()].toSorted(),
});

test("the page has every input", () => {
  expect(Object.keys(outcomes).toSorted()).toEqual(Object.keys(inputs).toSorted());
});

// What the page says was seen at a real server; the simulator has to come to the same, with fewer memories.
test.concurrent.each(played)(
  "$name: $way ends as the comparison says",
  { timeout: 120_000 },
  async ({ name, way, input }) => {
    const outcome = await play(ways[way], input, startSimulatedLightRag, fewMemories);
    expect(gist(outcome)).toEqual(gist(outcomes[name]![way]!));
  },
);

/** memory-connector without the lines of the comparison that tell it to follow deletions at once. */
function withDefaultDeletions({ command, ...way }: Way): Way {
  const script = `sed -i.before -e /on_delete/d -e /deletions:/d config.yaml && exec "$@"`;
  return { ...way, command: ["bash", "-c", script, "bash", ...command] };
}

async function seenOf(
  memories: number,
  happens: (world: World) => Promise<void>,
  way = ways["memory-connector"],
): Promise<Outcome> {
  return play(way, { title: "", why: "", play: happens }, startSimulatedLightRag, memories);
}

test.concurrent("a deleted memory stays by default, and no run says so; each prints its steps, which cron would mail", {
  timeout: 120_000,
}, async () => {
  let printed = "";
  const { wrong, exits } = await seenOf(
    fewMemories,
    async (world) => {
      await inputs.deleted!.play(world);
      printed = world.ends.at(-1)!.output;
    },
    withDefaultDeletions(ways["memory-connector"]),
  );
  expect(wrong).toEqual({ "note-2": "still there" });
  expect(exits).toEqual([0, 0, 0]);
  expect(printed.split("\n").slice(0, 5)).toEqual([
    "connecting to LightRAG",
    "checking what an earlier run left",
    "reading the source",
    "delivering, waiting for LightRAG's proof",
    expect.stringContaining("success"),
  ]);
});

test.concurrent("a cap of an odd size is said after the next new memory", { timeout: 120_000 }, async () => {
  const { exits } = await seenOf(inputs.cappedOddly!.memories!, async (world) => {
    await inputs.cappedOddly!.play(world);
    world.put(noteOf(99, { created_at: "2026-01-21T00:00:00Z" }));
    await world.run();
  });
  expect(exits).toEqual([0, 0, 3]);
});

test.concurrent("exactly 50 memories are doubted, though they are all, until there is one more", {
  timeout: 120_000,
}, async () => {
  const { wrong, exits } = await seenOf(50, async (world) => {
    await world.run();
    await world.run();
    world.put(noteOf(50));
    await world.run();
  });
  expect(wrong).toEqual({});
  expect(exits).toEqual([3, 3, 0]);
});
