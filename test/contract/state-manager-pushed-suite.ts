import { describe, expect, test } from "vitest";
import type { Memory } from "../../src/domain/memory.ts";
import type { PushedMemory } from "../../src/domain/pushed-memory.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { memoryOf } from "../support/sync-harness.ts";
import { makeStore, type StoreName } from "./state-manager-store.ts";

const scope = { connectorId: "a", contextId: "CTX" };
const noted = (id: string, change: Partial<Memory> = {}) => ({ memory: memoryOf(id, change) });
const numbers = (entries: readonly PushedMemory[]) =>
  entries.map(({ memoryId, number }) => [memoryId, number]);
const all = (state: StateManager, of = scope) => state.pushed.changes(of, 0, 100);

export function stateManagerPushedSuite(backend: StoreName): void {
  describe(`${backend}: what programs have sent`, () => {
    test("is there once it was taken, whatever becomes of the process, in the order of its changes", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const taken = await state.pushed.take(
        scope,
        [noted("m"), noted("n"), noted("m", { transcript: "x" })],
        7,
      );
      expect(taken).toEqual(["accepted", "accepted", "updated"]);
      await state.close();
      const again = await store.open();
      const entries = await all(again);
      expect(numbers(entries)).toEqual([
        ["n", 2],
        ["m", 3],
      ]);
      expect(entries[1]).toEqual({
        ...scope,
        memoryId: "m",
        number: 3,
        pushedAt: 7,
        memory: memoryOf("m", { transcript: "x" }),
      });
      expect(await again.pushed.newest("a")).toBe(3);
      expect(await again.pushed.newest("b")).toBe(0);
    });

    test("the same once more, and a form that was updated before the one that is kept, change nothing", async () => {
      const state = await makeStore(backend).open();
      const at = (day: number) => ({ updatedAt: `2026-03-0${day}T00:00:00.000Z` });
      await state.pushed.take(scope, [noted("m", at(2))], 1);
      const taken = await state.pushed.take(
        scope,
        [noted("m", at(2)), noted("m", at(1)), noted("m", at(3))],
        2,
      );
      expect(taken).toEqual(["unchanged", "unchanged", "updated"]);
      expect(numbers(await all(state))).toEqual([["m", 2]]);
    });

    test("a deletion leaves the ids and a number, and the memory can be sent again", async () => {
      const state = await makeStore(backend).open();
      await state.pushed.take(scope, [noted("m"), noted("n")], 1);
      const key = { ...scope, memoryId: "m" };
      expect(await state.pushed.has(key)).toBe(true);
      const deleted = [{ deleted: "m" }, { deleted: "m" }, { deleted: "unheard-of" }];
      expect(await state.pushed.take(scope, deleted, 2)).toEqual(["deleted", "unchanged", "unchanged"]);
      expect(await state.pushed.has(key)).toBe(false);
      expect(await state.pushed.changes(scope, 2, 9)).toMatchObject([
        { memoryId: "m", number: 3, memory: null },
      ]);
      expect(await state.pushed.take(scope, [noted("m")], 3)).toEqual(["accepted"]);
    });

    test("what was signed before the form or the deletion that is kept changes nothing, whoever sent that", async () => {
      const state = await makeStore(backend).open();
      const signed = { isSigned: true };
      const take = (text: string | null, at: number, options?: typeof signed) =>
        state.pushed.take(
          scope,
          [text === null ? { deleted: "m" } : noted("m", { transcript: text })],
          at,
          options,
        );
      expect(await take("1", 10_000, signed)).toEqual(["accepted"]);
      expect(await take("2", 11_000, signed)).toEqual(["updated"]);
      expect(await take("1", 10_000, signed)).toEqual(["unchanged"]);
      expect(await take(null, 10_000, signed)).toEqual(["unchanged"]);
      expect(await take(null, 12_900)).toEqual(["deleted"]);
      expect(await take("2", 11_000, signed)).toEqual(["unchanged"]);
      expect(await take("3", 12_000, signed)).toEqual(["accepted"]);
      // Without a signature it comes when it comes, and does not make an earlier message count.
      expect(await take("4", 5_000)).toEqual(["updated"]);
      expect(await take("2", 11_000, signed)).toEqual(["unchanged"]);
      expect((await all(state)).map(({ memory }) => memory?.transcript)).toEqual(["4"]);
    });

    test("contexts and connectors are kept apart, and pages go on where the last one ended", async () => {
      const state = await makeStore(backend).open();
      const other = { ...scope, contextId: "OTHER" };
      const foreign = { ...scope, connectorId: "b" };
      for (const id of ["1", "2", "3"]) {
        await state.pushed.take(scope, [noted(id)], 1);
        await state.pushed.take(other, [noted(id)], 1);
        await state.pushed.take(foreign, [noted(id)], 1);
      }
      expect(numbers(await state.pushed.changes(scope, 0, 2))).toEqual([
        ["1", 1],
        ["2", 3],
      ]);
      expect(numbers(await state.pushed.changes(scope, 3, 2))).toEqual([["3", 5]]);
      expect(numbers(await all(state, other))).toEqual([
        ["1", 2],
        ["2", 4],
        ["3", 6],
      ]);
      expect(await state.pushed.newest("b")).toBe(3);
    });

    test("an erasure takes the text away with it, and the memory is not taken again until it is allowed", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const key = { ...scope, memoryId: "m" };
      await state.pushed.take(scope, [noted("m"), noted("n")], 1);
      await state.erasures.add(key, 2);
      expect(await state.pushed.take(scope, [noted("m"), noted("o")], 3)).toEqual(["erased", "accepted"]);
      expect(await all(state)).toMatchObject([
        { memoryId: "m", number: 1, memory: null },
        { memoryId: "n" },
        { memoryId: "o", number: 3 },
      ]);
      await state.erasures.remove(key);
      expect(await state.pushed.take(scope, [noted("m")], 4)).toEqual(["accepted"]);
    });

    test("a reset leaves it, and so does the removal of a connector whose ledger is kept; forgotten is what is asked for", async () => {
      const state = await makeStore(backend).open();
      const foreign = { ...scope, connectorId: "b" };
      await state.pushed.take(scope, [noted("m")], 1);
      await state.pushed.take(foreign, [noted("m")], 1);
      await state.resetConnector("a");
      await state.forgetConnector("a");
      expect(numbers(await all(state))).toEqual([["m", 1]]);
      await state.pushed.forget("a");
      expect(await all(state)).toEqual([]);
      expect(numbers(await all(state, foreign))).toEqual([["m", 1]]);
    });

    test("a context that is no text is refused, and nothing of the rest is taken", async () => {
      const state = await makeStore(backend).open();
      const wrong = state.pushed.take(scope, [noted("m"), { deleted: "\ud800" }], 1);
      await expect(wrong).rejects.toMatchObject({ code: "STATE_ID_INVALID" });
      expect(await all(state)).toEqual([]);
    });
  });
}
