import type * as z from "zod";
import type { Memory } from "../../../src/domain/memory.ts";
import type { PushedChange } from "../../../src/domain/pushed-memory.ts";
import type { sourceSettings } from "../../../src/sources/source-settings.ts";
import type { Random } from "../../fuzz/support/random.ts";
import type { Keeper, Said } from "./source-history.ts";

/** A source in a hostile week: it keeps what the history says in its own form, and answers wrongly on request. */
export interface WeekSource extends Keeper {
  /** What the connector is told of it now. */
  readonly settings: SourceInput;
  /** Of the connector's first request. */
  readonly limit: number;
  /** What `settings` say of how it shows its list, for the trace. */
  readonly shape: string;
  /** Whether it has shown less than there was as if it were all, since it was last calm. */
  readonly hid: boolean;
  /** Whether losing the state loses the source. */
  readonly isKeptInState?: true;
  /** Ids of the history that it does not show in this shape. */
  unshown(): ReadonlySet<string>;
  drawShape(): void;
  /** The shape in which it shows everything. */
  beHonest(): void;
  /** Before a run. `mayHide`: no listing has been led astray that no other has corrected. Returns what goes wrong, for the trace. */
  drawFault(mayHide: boolean): string;
  /** What programs send to the connector: before the run, and then part by part while it goes on. Left out where nobody sends anything. */
  sent?(): readonly (readonly PushedChange[])[];
  /** After a run: nothing goes wrong any more. `isAnswered`: the process has not been killed. */
  calm(isAnswered: boolean): Promise<void>;
}

export type SourceInput = z.input<typeof sourceSettings>;

/** What the source of a week is made with. */
export interface WeekSetup {
  random: Random;
  /** Something happens at the source. */
  change: () => void;
}

/** What most memories of most sources have. */
export function plainMemory({ id, text, at }: Said, change: Partial<Memory> = {}): Memory {
  return {
    id,
    type: "note",
    audio: false,
    image: false,
    transcript: text,
    location: null,
    createdAt: new Date(at).toISOString(),
    updatedAt: null,
    title: null,
    tags: [],
    ...change,
  };
}

/** How the servers of a week are asked: without patience. */
export const hasty = { timeout: "400ms", max_retries: 1, requests_per_second: 1_000 };

/** Plays one of these faults; returns its name for the trace. */
export function playOneOf(faults: ReadonlyMap<string, () => void>, random: Random): string {
  const name = random.pick([...faults.keys()]);
  faults.get(name)?.();
  return `source ${name}`;
}
