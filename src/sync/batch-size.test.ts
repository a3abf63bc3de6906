import { expect, test } from "vitest";
import { BatchSize } from "./batch-size.ts";

test("a batch that was too large makes the next ones half as large, down to single documents", () => {
  const size = new BatchSize(8);
  size.wasTooLarge(8);
  expect(size.limit).toBe(4);
  size.wasTooLarge(8);
  expect(size.limit).toBe(4);
  size.wasTooLarge(3);
  size.wasTooLarge(2);
  size.wasTooLarge(2);
  expect(size.limit).toBe(1);
});

test("full batches that go through make room for larger ones again, ever more rarely, and never beyond the limit", () => {
  const size = new BatchSize(4);
  const passesUntilLarger = () => {
    const { limit } = size;
    let passes = 0;
    for (; size.limit === limit && passes < 1_000; passes++) size.passed(limit);
    return passes;
  };
  size.wasTooLarge(4);
  const first = passesUntilLarger();
  expect(size.limit).toBe(3);
  size.wasTooLarge(4);
  expect(passesUntilLarger()).toBeGreaterThan(first);
  size.passed(1);
  expect(size.limit).toBe(3);
  passesUntilLarger();
  expect(size.limit).toBe(4);
  size.passed(4);
  expect(size.limit).toBe(4);
});
