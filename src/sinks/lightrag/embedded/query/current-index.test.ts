import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryChunk } from "../../../../../test/support/memory-chunks.ts";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { atOnce } from "../../../../kernel/util/pieces.ts";
import { KvStore } from "../storage/kv-store.ts";
import type { ChunkRecord } from "../storage/records.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { CurrentIndex } from "./current-index.ts";
import { questionTermsOf } from "./search-terms.ts";

const words = ["sail", "sails", "sailing", "harbour", "harbours", "tea", "Ana:", "Ben:", "torn?", "mended."];
const id = fc.constantFrom(...Array.from({ length: 12 }, (_, at) => `c${at}`));
const chunk = fc
  .record({
    minute: fc.nat({ max: 200 }),
    text: fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((found) => found.join(" ")),
    context: fc.constantFrom("CTX1", "CTX2"),
    isNote: fc.boolean(),
  })
  .map(({ minute, text, context, isNote }): ChunkRecord => {
    const at = new Date(Date.UTC(2024, 4, 1, 10, minute)).toISOString();
    const made = memoryChunk(`m${minute}`, at, text, context);
    return isNote ? { ...made, content: text, full_doc_id: context, chunk_order_index: minute } : made;
  });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: id, chunk }) },
  { weight: 2, arbitrary: fc.record({ remove: id }) },
  { weight: 1, arbitrary: fc.constant("ask" as const) },
);

test("after any changes the index is that which would be made anew", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const store = emptyStore();
      const current = new CurrentIndex(store);
      atOnce(current.get());
      for (const each of steps) {
        if (each === "ask") atOnce(current.get());
        else if ("put" in each) store.set(each.put, each.chunk);
        else store.delete(each.remove);
      }
      expect(told(atOnce(current.get()))).toEqual(told(atOnce(ChunkIndex.of(store))));
      store.close();
    }),
    { numRuns: 300 },
  );
});

test("changes while an index is made are in it, and one that is given up half way is made again", () => {
  const change = fc.oneof(fc.record({ put: id, chunk }), fc.record({ remove: id }));
  const pieces = fc.nat({ max: 6 });
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 20 }),
      fc.array(fc.tuple(pieces, change)),
      fc.boolean(),
      (before, meanwhile, isGivenUp) => {
        const store = emptyStore();
        const apply = (each: typeof change extends fc.Arbitrary<infer Change> ? Change : never) => {
          if ("put" in each) store.set(each.put, each.chunk);
          else store.delete(each.remove);
        };
        before.forEach(apply);
        const current = new CurrentIndex(store);
        const making = current.get();
        for (const [steps, each] of meanwhile) {
          for (let step = 0; step < steps; step += 1) making.next();
          apply(each);
        }
        if (isGivenUp) making.return(undefined as never);
        else atOnce(making);
        expect(told(atOnce(current.get()))).toEqual(told(atOnce(ChunkIndex.of(store))));
        store.close();
      },
    ),
    { numRuns: 200 },
  );
});

test("a change costs what it changes: other chunks are not read again", () => {
  const store = emptyStore();
  for (let at = 0; at < 50; at += 1)
    store.set(`c${at}`, memoryChunk(`m${at}`, "2024-05-01T10:00:00Z", "tea"));
  const read: string[] = [];
  const watched = {
    ...{ size: 0, has: (key: string) => store.has(key), keys: () => store.keys() },
    get: (key: string) => {
      read.push(key);
      return store.get(key);
    },
    *entries() {
      for (const key of store.keys()) yield [key, this.get(key) as ChunkRecord] as [string, ChunkRecord];
    },
    watch: (changed: (key: string, isThere: boolean) => void) => store.watch(changed),
  };
  const current = new CurrentIndex(watched);
  expect(atOnce(current.get()).size).toBe(50);
  expect(read).toHaveLength(50);
  store.delete("c7");
  store.set("c50", memoryChunk("m50", "2024-05-01T10:00:00Z", "tea"));
  expect(atOnce(current.get()).size).toBe(50);
  expect(read.slice(50)).toEqual(["c50"]);
  expect(atOnce(current.get())).toBe(atOnce(current.get()));
});

const tea = memoryChunk("m", "2024-05-01T10:00:00Z", "tea");

test("an index with more empty places than chunks is made anew", () => {
  const store = emptyStore();
  const current = new CurrentIndex(store);
  store.set("kept", tea);
  const first = atOnce(current.get());
  for (let at = 0; at < 1100; at += 1) {
    store.set("other", tea);
    expect(atOnce(current.get()).size).toBe(2);
    if (at === 900) expect(atOnce(current.get())).toBe(first);
    store.delete("other");
  }
  expect(atOnce(current.get())).not.toBe(first);
  expect(atOnce(current.get()).ids.length).toBeLessThan(200);
});

test("an index that has fallen far behind is given up, and made anew for the next question", () => {
  const store = emptyStore();
  const current = new CurrentIndex(store);
  const first = atOnce(current.get());
  for (let at = 0; at <= 1000; at += 1) store.set("c", tea);
  expect(atOnce(current.get())).not.toBe(first);
  expect(atOnce(current.get()).ids).toEqual(["c"]);
});

function emptyStore(): KvStore<ChunkRecord> {
  return atOnce(KvStore.open<ChunkRecord>(join(temporaryFolder(), "kv_store_text_chunks.json"), ["content"]));
}

/** Everything that an index says of its chunks, by their ids, in its order. */
function told(index: ChunkIndex) {
  const places = index.ids.flatMap((each, place) => (each === null ? [] : [{ id: each, place }]));
  const idAt = (place: number | null) => (place === null ? null : index.ids[place]);
  const { own, context } = atOnce(
    index.scoresOf(questionTermsOf("the sails in the harbour, sailing and torn tea")),
  );
  const isSpoken = index.talk.spokenByNamed("What did Ana say?");
  const { sittings } = index.talk;
  return places.map(({ id: each, place }) => ({
    id: each,
    fileSource: index.fileSourceOf(each),
    own: own[place],
    context: context[place],
    neighbours: index.neighboursOf(place).map(([near, weight]) => [idAt(near), weight]),
    asks: index.talk.asks(place),
    answered: idAt(index.talk.answered(place)),
    isSpoken: isSpoken?.(place) ?? null,
    sitting: places.filter((other) => sittings[other.place] === sittings[place]).map((other) => other.id),
  }));
}
