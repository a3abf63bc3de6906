import { noteOf } from "./inputs.ts";
import type { StartLightRag } from "./play.ts";
import type { Way } from "./ways.ts";
import { World } from "./world.ts";

/** What one run costs. */
export interface RunCost {
  /** Until the command has ended. */
  seconds: number;
  /** Of the command and all that it starts. */
  cpuSeconds: number;
  /** To LightRAG. */
  requests: number;
}

export interface Cost {
  /** Everything is new. */
  first: RunCost;
  /** Nothing is new. */
  again: RunCost;
}

/** The second run is made three times; the middle one counts. */
export async function costOf(way: Way, startLightRag: StartLightRag, memories: number): Promise<Cost> {
  const world = await World.start(timed(way), startLightRag);
  try {
    world.put(...Array.from({ length: memories }, (_, index) => noteOf(index)));
    const first = await measured(world);
    const further = [await measured(world), await measured(world), await measured(world)];
    const [, again = first] = further.toSorted((a, b) => a.cpuSeconds - b.cpuSeconds);
    return { first, again };
  } finally {
    await world.stop();
  }
}

function timed(way: Way): Way {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  return { ...way, command: ["bash", "-c", script, "bash", ...way.command] };
}

async function measured(world: World): Promise<RunCost> {
  const before = world.front.requests;
  const { exit, output, seconds } = await world.run();
  const [, user = "", system = ""] = /cpu ([\d.]+) ([\d.]+)\s*$/u.exec(output) ?? [];
  if (exit !== 0 || user === "") throw new Error(`a run that is measured ended with ${exit}: ${output}`);
  return {
    seconds: rounded(seconds),
    cpuSeconds: rounded(Number(user) + Number(system)),
    requests: world.front.requests - before,
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
