import { describe, expect, test } from "vitest";
import { valueBounds } from "../../src/state/stores-over-tables.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { makeStore, type StoreName } from "./state-manager-store.ts";

/** What the port's comments promise of remembered answers, whichever backend keeps them. */
export function stateManagerValuesSuite(backend: StoreName): void {
  describe(`${backend}: remembered answers`, () => {
    test("an answer is there after the store was closed, and the last one put is the one that counts", async () => {
      const store = makeStore(backend);
      const first = await store.open();
      await first.values.put("place/1", { city: "Old\nTown 🏘" });
      await first.values.put("place/2", null);
      await first.values.put("place/1", ["new", 1, true]);
      await first.close();
      const second = await store.open();
      expect(await second.values.get("place/1")).toEqual(["new", 1, true]);
      expect(await second.values.get("place/2")).toBeNull();
      expect(await second.values.get("place/3")).toBeUndefined();
    });

    test("answers whose keys begin alike are removed together, and told", async () => {
      const state = await makeStore(backend).open();
      for (const key of ["a/1", "a/2", "a", "ab/1", "b/1"]) await state.values.put(key, key);
      expect((await state.values.removeBeginning("a/")).toSorted()).toEqual(["a/1", "a/2"]);
      expect(await state.values.removeBeginning("a/")).toEqual([]);
      expect(await state.values.get("a/1")).toBeUndefined();
      for (const key of ["a", "ab/1", "b/1"]) expect(await state.values.get(key)).toBe(key);
    });

    test("an answer is copied in and out", async () => {
      const state = await makeStore(backend).open();
      const value = { names: ["a"] };
      const put = state.values.put("k", value);
      value.names.push("b");
      await put;
      const read = await state.values.get("k");
      expect(read).toEqual({ names: ["a"] });
      expect(await state.values.get("k")).not.toBe(read);
    });

    test("an answer is forgotten when it has grown too old", async () => {
      const clock = new ManualClock();
      const state = await makeStore(backend).open({ clock });
      await state.values.put("old", 1);
      clock.advance(valueBounds.ageMs);
      await state.values.put("new", 2);
      expect(await state.values.get("old")).toBe(1);
      clock.advance(1);
      await state.values.put("newer", 3);
      expect(await Promise.all(["old", "new"].map((key) => state.values.get(key)))).toEqual([undefined, 2]);
    });

    test("a store that is open for reading only shows answers and takes none", async () => {
      const store = makeStore(backend);
      await (await store.open()).values.put("k", 1);
      const reader = await store.open({ readOnly: true });
      expect(await reader.values.get("k")).toBe(1);
      await expect(reader.values.put("k", 2)).rejects.toMatchObject({ code: "STATE_READ_ONLY" });
    });
  });
}
