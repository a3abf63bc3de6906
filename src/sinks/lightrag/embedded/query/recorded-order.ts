import { contextPartOf, type MemoryDocument } from "../../memory-document.ts";
import type { ChunkRecord } from "../storage/records.ts";

/** What the words of a chunk count in those after it and in those before it, by their distance: what was said says what is meant next. */
const weightAfter = [0.8, 0.6, 0.4, 0.3, 0.2];
const weightBefore = [0.6, 0.3];
const reach = Math.max(weightAfter.length, weightBefore.length);
/** At this distance in time a weight is e⁻¹ of that. Milliseconds. */
const closeness = 15 * 60_000;
const least = 0.01;

/** A chunk near another one: its place, what its words count there, and what the other's count in it; 0 to 1. */
export type Neighbour = readonly [place: number, here: number, there: number];

/** When a chunk was recorded. */
export interface Recorded {
  /** A sequence: the memories of a context, or the chunks of a document that is not a memory. */
  stream: string;
  /** Milliseconds. */
  time: number;
  order: number;
}

/** `document`: the first that the text of the chunk is the beginning of; null for none. */
export function recordedOf(chunk: ChunkRecord, document: MemoryDocument | null): Recorded {
  const time = document?.recordedAt ?? null;
  const order = chunk.chunk_order_index;
  const context = contextPartOf(chunk.file_path);
  return context === null || time === null
    ? { stream: `document ${chunk.full_doc_id}`, time: 0, order }
    : { stream: `context ${context}`, time, order };
}

/** The chunks of a stream, and what has come and gone since it was settled. */
interface Stream {
  readonly name: string;
  /** Places, in the order of recording. */
  settled: number[];
  added: Set<number>;
  removed: Set<number>;
}

/**
 * Chunks in the order of their recording, stream by stream, each told by its place. After changes, `settle` is called once: what it costs
 * follows from the length of the streams in which something changed.
 */
export class RecordedOrder {
  readonly #recorded: Recorded[] = [];
  readonly #streams = new Map<string, Stream>();
  readonly #unsettled = new Set<string>();
  readonly #neighbours: Neighbour[][] = [];
  readonly #before: (number | null)[] = [];

  add(place: number, recorded: Recorded): void {
    const { name, added } = this.#streamOf(recorded.stream);
    // One text for the name of a stream, however many chunks it has.
    this.#recorded[place] = { ...recorded, stream: name };
    added.add(place);
    this.#unsettled.add(name);
  }

  remove(place: number): void {
    const { stream } = this.#recorded[place] as Recorded;
    const known = this.#streams.get(stream) as Stream;
    if (!known.added.delete(place)) known.removed.add(place);
    this.#neighbours[place] = [];
    this.#before[place] = null;
    this.#unsettled.add(stream);
  }

  /** Returns the places whose neighbours, or the one before them, may be others now. */
  settle(): number[] {
    const touched = [...this.#unsettled].flatMap((stream) => this.#settleOne(stream));
    this.#unsettled.clear();
    return touched;
  }

  /**
   * The chunks before and after one: other parts of its document, and memories of the same context from within minutes. People answer in the
   * next memory what they were asked in the last, so neighbours show what a chunk is about. Of two neighbours each has the other.
   */
  neighboursOf(place: number): readonly Neighbour[] {
    return this.#neighbours[place] ?? [];
  }

  /** The chunk right before one in its stream, or null. */
  before(place: number): number | null {
    return this.#before[place] ?? null;
  }

  /** How long after the one before it a chunk was recorded. Milliseconds. */
  since(before: number, place: number): number {
    return this.#at(place).time - this.#at(before).time;
  }

  /** The places of each stream, in its order. */
  *streams(): Generator<readonly number[]> {
    for (const { settled } of this.#streams.values()) yield settled;
  }

  #settleOne(name: string): number[] {
    const stream = this.#streams.get(name) as Stream;
    const touched = new Set<number>();
    const touch = (places: readonly number[], from: number, to: number) => {
      for (let i = Math.max(0, from); i < Math.min(places.length, to); i += 1)
        touched.add(places[i] as number);
    };
    const kept: number[] = [];
    const gaps: number[] = [];
    for (const place of stream.settled)
      if (stream.removed.has(place)) gaps.push(kept.length);
      else kept.push(place);
    for (const gap of gaps) touch(kept, gap - reach, gap + reach);
    const merged = this.#merged(kept, [...stream.added].sort(this.#byTime));
    merged.forEach((place, i) => {
      if (stream.added.has(place)) touch(merged, i - reach, i + reach + 1);
    });
    merged.forEach((place, i) => {
      if (touched.has(place)) this.#place(merged, i);
    });
    if (merged.length === 0) this.#streams.delete(name);
    else this.#streams.set(name, { name, settled: merged, added: new Set(), removed: new Set() });
    return [...touched];
  }

  #streamOf(name: string): Stream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const made: Stream = { name, settled: [], added: new Set(), removed: new Set() };
    this.#streams.set(name, made);
    return made;
  }

  #merged(kept: readonly number[], added: readonly number[]): number[] {
    const merged: number[] = [];
    let next = 0;
    for (const place of added) {
      while (next < kept.length && this.#byTime(kept[next] as number, place) < 0)
        merged.push(kept[next++] as number);
      merged.push(place);
    }
    return merged.concat(kept.slice(next));
  }

  #place(places: readonly number[], i: number): void {
    const place = places[i] as number;
    this.#before[place] = places[i - 1] ?? null;
    const near: Neighbour[] = [];
    for (let step = -reach; step <= reach; step += 1) {
      const other = places[i + step];
      if (other === undefined || step === 0) continue;
      const fade = Math.exp(-Math.abs(this.since(other, place)) / closeness);
      const [here, there] = [weightAt(-step) * fade, weightAt(step) * fade];
      if (Math.max(here, there) >= least) near.push([other, here, there]);
    }
    this.#neighbours[place] = near;
  }

  readonly #byTime = (a: number, b: number): number => {
    const [first, second] = [this.#at(a), this.#at(b)];
    return first.time - second.time || first.order - second.order || a - b;
  };

  #at(place: number): Recorded {
    return this.#recorded[place] as Recorded;
  }
}

/** What the words of a chunk count in the one that is so many positions after it. */
function weightAt(step: number): number {
  return (step > 0 ? weightAfter[step - 1] : weightBefore[-step - 1]) ?? 0;
}
