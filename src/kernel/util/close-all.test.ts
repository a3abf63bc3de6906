import { expect, test } from "vitest";
import { closeAll } from "./close-all.ts";

test("closes every part and then throws the first failure", async () => {
  const closed: string[] = [];
  const part = (name: string, failure?: Error) => ({
    close: async () => {
      closed.push(name);
      if (failure !== undefined) throw failure;
    },
  });
  const first = new Error("first");
  const all = closeAll([part("a"), part("b", first), part("c", new Error("second"))]);
  await expect(all).rejects.toBe(first);
  expect(closed).toEqual(["a", "b", "c"]);
});
