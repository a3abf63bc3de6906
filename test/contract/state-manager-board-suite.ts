import { describe, expect, onTestFinished, test } from "vitest";
import type { StateManager } from "../../src/state/state-manager.ts";
import { capabilitiesOfStore, makeStore, type StoreName } from "./state-manager-store.ts";

/** Follows the board from now on; what was heard is in the list. */
async function follow(state: StateManager) {
  const heard: unknown[] = [];
  const following = await state.board.follow({
    heard: (content) => void heard.push(content),
    missed: () => void heard.push("missed"),
  });
  onTestFinished(() => following.end());
  return { heard, following };
}

/** What the processes on one state tell each other. */
export function stateManagerBoardSuite(backend: StoreName): void {
  const { sharedByProcesses, notify } = capabilitiesOfStore(backend);

  describe.runIf(sharedByProcesses)(`${backend}: the board`, () => {
    test("what is posted reaches every other process that follows, once and in its order, and not its own", async () => {
      const store = makeStore(backend);
      const [one, two, three] = [await store.open(), await store.open(), await store.open()];
      await one.board.post("before");
      const readers = [await follow(one), await follow(two), await follow(three)];
      expect(readers.map(({ following }) => following.isNotified)).toEqual([notify, notify, notify]);
      const numbers = Array.from({ length: 30 }, (_, number) => number);
      const large = { text: "ä".repeat(20_000) };
      await Promise.all([...numbers.map((number) => one.board.post(number)), two.board.post(large)]);
      await expect
        .poll(() => readers.map(({ heard }) => heard.length), { timeout: 5_000 })
        .toEqual([1, 30, 31]);
      expect(readers[0]?.heard).toEqual([large]);
      expect(readers[1]?.heard).toEqual(numbers);
      expect(readers[2]?.heard.filter((each) => each !== large && typeof each === "number")).toEqual(numbers);
    });

    test("who has ended hears nothing any more", async () => {
      const store = makeStore(backend);
      const [one, two, three] = [await store.open(), await store.open(), await store.open()];
      const [gone, there] = [await follow(two), await follow(three)];
      await gone.following.end();
      await one.board.post("later");
      await expect.poll(() => there.heard, { timeout: 5_000 }).toEqual(["later"]);
      expect(gone.heard).toEqual([]);
    });
  });
}
