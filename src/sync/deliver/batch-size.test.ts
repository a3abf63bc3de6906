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

test("only full batches in a row count, and twice as many after each that was too large", () => {
  const size = new BatchSize(8);
  const pass = (times: number, count: number) => {
    for (let time = 0; time < times; time += 1) size.passed(count);
    return size.limit;
  };
  size.wasTooLarge(8);
  expect(pass(20, 3)).toBe(4);
  expect(pass(7, 4)).toBe(4);
  expect(pass(1, 4)).toBe(5);
  expect(pass(7, 5)).toBe(5);
  size.wasTooLarge(10);
  expect(pass(15, 5)).toBe(5);
  expect(pass(1, 9)).toBe(6);
});

test("batches that go through at the limit are not counted towards anything", () => {
  const size = new BatchSize(2);
  for (let time = 0; time < 7; time += 1) size.passed(2);
  expect(size.limit).toBe(2);
  size.wasTooLarge(2);
  for (let time = 0; time < 7; time += 1) size.passed(1);
  expect(size.limit).toBe(1);
  size.passed(1);
  expect(size.limit).toBe(2);
});
