import { type Input, noteOf } from "./inputs.ts";
import type { ComparedLightRag } from "./light-rags.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import type { Way } from "./ways.ts";
import { World } from "./world.ts";

export type StartLightRag = (folder: string) => Promise<ComparedLightRag>;

/** One input by one way, with a source and a LightRAG of its own. `memories`: at the source, where the input does not say. */
export async function play(
  way: Way,
  input: Input,
  startLightRag: StartLightRag,
  memories: number,
): Promise<Outcome> {
  const world = await World.start(way, startLightRag);
  try {
    world.put(...Array.from({ length: input.memories ?? memories }, (_, index) => noteOf(index)));
    await input.play(world);
    return await outcomeOf(world);
  } finally {
    await world.stop();
  }
}
