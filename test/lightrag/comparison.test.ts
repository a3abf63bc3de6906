import { expect, test } from "vitest";
import { type Input, inputs, noteOf } from "../../bench/comparison/inputs.ts";
import { startRealLightRag } from "../../bench/comparison/light-rags.ts";
import { countsOf, verdictOf } from "../../bench/comparison/outcome.ts";
import { play } from "../../bench/comparison/play.ts";
import { readResults } from "../../bench/comparison/results.ts";
import { type WayName, waysOf } from "../../bench/comparison/ways.ts";
import { lightragMissing } from "../support/python-lightrag.ts";

if (lightragMissing !== null) console.log(lightragMissing);

const ways = waysOf({ built: false });
const { outcomes } = readResults();
const fewMemories = 6;
const playReal = (way: WayName, input: Input) => play(ways[way], input, startRealLightRag, fewMemories);

// The simulator scans no folder; `npm run compare` plays all of it.
test.skipIf(lightragMissing !== null).each(["edited", "deleted"])(
  "LightRAG's scan folder ends as the comparison says: %s",
  async (name) => {
    const seen = outcomes[name]!["scan-folder"]!;
    const outcome = await playReal("scan-folder", inputs[name]!);
    expect(verdictOf(outcome)).toBe(verdictOf(seen));
    expect(countsOf(outcome)).toEqual(countsOf(seen));
  },
);

test.skipIf(lightragMissing !== null)(
  "what a killed LightRAG left waiting is worked on when a script brings the next new memory",
  async () => {
    const restarted = inputs.restarted!;
    const waiting = await playReal("cron-curl", restarted);
    expect(waiting.wrong).toMatchObject({ "note-5": "not processed" });
    const woken = await playReal("cron-curl", {
      ...restarted,
      play: async (world) => {
        await restarted.play(world);
        world.put(noteOf(fewMemories));
        await world.run();
      },
    });
    expect(woken.wrong).toEqual({});
  },
);
