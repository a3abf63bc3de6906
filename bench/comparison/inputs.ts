import type { ApiMemory } from "../../test/support/memory-api-data.ts";
import { contextId, type World } from "./world.ts";

/** Something that can happen to whoever carries memories for long enough. */
export interface Input {
  title: string;
  /** Why it is among them. */
  why: string;
  /** Memories at the source. Default: as many as the comparison takes. */
  memories?: number;
  /** Plays it; no run was made before. */
  play(world: World): Promise<void>;
  /** No way can make it right; all that it can do is to say so. */
  hopeless?: true;
}

/** Its mark and its words. `note-3: …`; an edited one says something else behind the mark. */
export const wordsOf = (id: string, edition = "the heron stood on the pier again"): string =>
  `${id}: ${edition}.`;

/** Memory `note-<index>`, an hour older than the one before. */
export function noteOf(index: number, more: Partial<ApiMemory> = {}): ApiMemory {
  const id = `note-${index}`;
  return {
    id,
    type: "note",
    audio: false,
    image: false,
    transcript: wordsOf(id),
    created_at: new Date(Date.UTC(2026, 0, 20) - index * 3_600_000).toISOString(),
    ...more,
  };
}

const someId = "note-2";

/** The server shows `cap` of `memories`, the newest, whatever is asked for. */
const cutOff = (cap: number, memories: number): Pick<Input, "memories" | "hopeless" | "play"> => ({
  memories,
  hopeless: true,
  play: async (world) => {
    world.source.behaviour.cap = cap;
    await world.run();
    await world.run();
  },
});

export const inputs: Readonly<Record<string, Input>> = {
  edited: {
    title: "a memory is edited",
    why: "people correct what a transcription got wrong",
    play: async (world) => {
      await world.run();
      world.put(noteOf(2, { transcript: wordsOf(someId, "the heron stood on the quay") }));
      await world.run();
    },
  },
  emptied: {
    title: "a transcript is emptied",
    why: "people take back what they said, and the item stays",
    play: async (world) => {
      await world.run();
      world.put(noteOf(2, { transcript: "" }));
      await world.run();
    },
  },
  deleted: {
    title: "a memory is deleted",
    why: "people delete what they do not want to be known",
    play: async (world) => {
      await world.run();
      world.remove(someId);
      await world.run();
      await world.run();
    },
  },
  late: {
    title: "a transcript comes late",
    why: "a recording is listed at once and transcribed hours later, under its old time",
    play: async (world) => {
      world.put(noteOf(2, { audio: true, transcript: "" }));
      await world.run();
      world.put(noteOf(2, { audio: true }));
      await world.run();
    },
  },
  nan: {
    title: "an item of the list is no JSON (`NaN`)",
    why: "servers in Python write a missing coordinate so",
    play: async (world) => {
      const item = JSON.stringify(noteOf(2)).replace("}", ',"location_lat":NaN,"location_lon":NaN}');
      // The simulator writes JSON, so the item is put into its answers as a text.
      world.source.remove(contextId, someId);
      world.source.faultFor = () => ({ kind: "raw-items", items: [item], at: 2 });
      await world.run();
      await world.run();
    },
  },
  poison: {
    title: "the model refuses one document",
    why: "content filters and length limits of models hit single texts",
    hopeless: true,
    play: async (world) => {
      world.lightRag.refuse(wordsOf(someId));
      await world.run();
      await world.run();
    },
  },
  lostAnswer: {
    title: "LightRAG takes a document and its answer is lost",
    why: "proxies time out, connections break",
    play: async (world) => {
      world.front.loseNextAnswer();
      await world.run();
      await world.run();
    },
  },
  capped: {
    title: "the source shows 50 of 52",
    why: "servers cap a list without a word, whatever limit is asked for",
    ...cutOff(50, 52),
  },
  cappedOddly: {
    title: "the source shows 37 of 40",
    why: "a cap may be of any size",
    ...cutOff(37, 40),
  },
  killed: {
    title: "a run is killed in the middle",
    why: "machines reboot, containers are moved, memory runs out",
    play: async (world) => {
      const run = world.startRun();
      await world.untilBrought(3);
      run.kill();
      await world.finish(run);
      await world.run();
    },
  },
  restarted: {
    title: "LightRAG is killed with documents in its queue",
    why: "an update or a crash meets whatever is being indexed",
    play: async (world) => {
      world.lightRag.slowDown(1_000);
      // What waits in vain is not to wait for minutes here.
      world.patience = 3;
      const run = world.startRun();
      await world.untilHeld(world.memories.size);
      await world.lightRag.restart();
      world.lightRag.slowDown(0);
      await world.finish(run);
      await world.run();
      await world.run();
    },
  },
};
