import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { atOnce } from "../../../../kernel/util/pieces.ts";
import { KvStore } from "./kv-store.ts";
import { ReplacementFile } from "./replacement-file.ts";

const keys = fc.constantFrom("a", "b", "c", "d", "e");
/** Some longer than what is read at once. */
const texts = fc.oneof(
  fc.string(),
  fc.nat({ max: 3 }).map((size) => "x".repeat(size * 200_000)),
);
const step = fc.oneof(
  fc.record({ set: keys, text: texts }),
  fc.record({ delete: keys }),
  fc.constant("write" as const),
);

test("read as a whole, a store has the values that it has for each key, in order of insertion, whatever became of them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const store = atOnce(
        KvStore.open<{ text: string }>(join(temporaryFolder(), "kv_store_test.json"), ["text"]),
      );
      const model = new Map<string, { text: string }>();
      for (const each of steps) {
        if (each === "write") await write(store);
        else if ("set" in each) {
          store.set(each.set, { text: each.text });
          model.set(each.set, { text: each.text });
        } else {
          store.delete(each.delete);
          model.delete(each.delete);
        }
      }
      expect([...store.entries()]).toEqual([...model]);
      expect([...store.entries()]).toEqual([...store.keys()].map((key) => [key, store.get(key)]));
      store.close();
    }),
    { numRuns: 40 },
  );
});

test("a record that is none is told by its key, read alone or with all", () => {
  const path = join(temporaryFolder(), "kv_store_test.json");
  writeFileSync(path, '{"a": {"text": "1"}, "b": {"other": 1}, "c": {tex}}');
  const store = atOnce(KvStore.open<{ text: string }>(path, ["text"]));
  for (const key of ["b", "c"])
    expect(() => store.get(key)).toThrow(`its record "${key}" is not what LightRAG writes`);
  expect(() => [...store.entries()]).toThrow('its record "b" is not what LightRAG writes');
  store.close();
});

async function write(store: KvStore<{ text: string }>): Promise<void> {
  const out = await ReplacementFile.create(store.path);
  await store.write(out);
  await out.finish();
  await out.publish();
  store.published();
}
