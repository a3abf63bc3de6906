import { expect, test, vi } from "vitest";

const set = vi.hoisted(() => vi.fn<(flag: string) => void>());
vi.mock("node:v8", () => ({ setFlagsFromString: set }));
vi.resetModules();
const { keepHeapSmall, letHeapGrow } = await import("./v8.ts");

const lastFlag = () => set.mock.lastCall?.[0];

test("a heap that is kept small may grow while anything makes it grow, and is kept small again then", () => {
  letHeapGrow()();
  // A program that did not ask for a small heap has V8's own.
  expect(set).not.toHaveBeenCalled();
  keepHeapSmall();
  expect(lastFlag()).toBe("--heap-growing-percent=15");
  const [one, other] = [letHeapGrow(), letHeapGrow()];
  expect(lastFlag()).toBe("--heap-growing-percent=100");
  one();
  expect(lastFlag()).toBe("--heap-growing-percent=100");
  other();
  expect(lastFlag()).toBe("--heap-growing-percent=15");
});
