import { setTimeout as delay } from "node:timers/promises";
import type { BuiltService } from "./built-service.ts";
import { connectorId } from "./world.ts";

interface Spell {
  memories: number;
  ms: number;
}

export interface PaceComparison {
  /** Memories proved a second without the disturbance, and with it. */
  undisturbed: number;
  disturbed: number;
  /** By how much the disturbance slows the run. Percent; below 0 where it is lost in the noise. */
  fall: number;
  /** Pairs of spells that were compared. */
  pairs: number;
}

export interface Disturbance {
  spellMs: number;
  /** Resolves when the disturbance is in effect, to the way to end it. */
  begin: () => Promise<() => Promise<void>>;
}

/**
 * How much slower a run is while something else goes on: turns of undisturbed and disturbed work in one and the same run, so that
 * whatever else the machine does meets both alike.
 */
export async function comparePace(
  service: BuiltService,
  { begin, spellMs }: Disturbance,
): Promise<PaceComparison> {
  const total: Record<"quiet" | "disturbed", Spell> = {
    quiet: { memories: 0, ms: 0 },
    disturbed: { memories: 0, ms: 0 },
  };
  let pairs = 0;
  for (;;) {
    const quiet = await spell(service, spellMs);
    const end = await begin();
    const disturbed = await spell(service, spellMs);
    await end();
    // The run has ended in the middle of this pair, or is about to.
    if (!(await isRunning(service))) break;
    add(total.quiet, quiet);
    add(total.disturbed, disturbed);
    pairs += 1;
  }
  const [undisturbed, slower] = [perSecond(total.quiet), perSecond(total.disturbed)];
  return { undisturbed, disturbed: slower, fall: (1 - slower / undisturbed) * 100, pairs };
}

async function spell(service: BuiltService, spellMs: number): Promise<Spell> {
  const before = await processed(service);
  const startedAt = performance.now();
  await delay(spellMs);
  const memories = (await processed(service)) - before;
  return { memories, ms: performance.now() - startedAt };
}

async function processed(service: BuiltService): Promise<number> {
  const path = `/connectors/${connectorId}/status`;
  return (await service.call<{ memories: { processed: number } }>("GET", path)).memories.processed;
}

async function isRunning(service: BuiltService): Promise<boolean> {
  const path = `/connectors/${connectorId}/status`;
  return (await service.call<{ activeRun: object | null }>("GET", path)).activeRun !== null;
}

/** Starts the run and resolves when its deliveries have begun. */
export async function startRun(service: BuiltService): Promise<void> {
  await service.call("POST", `/connectors/${connectorId}/trigger`);
  while ((await processed(service)) === 0) await delay(100);
}

function add(sum: Spell, one: Spell): void {
  sum.memories += one.memories;
  sum.ms += one.ms;
}

function perSecond({ memories, ms }: Spell): number {
  return (memories / ms) * 1000;
}
