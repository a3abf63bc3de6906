import { describe, expect, test } from "vitest";
import { minimal, readYaml } from "../../test/support/config.ts";
import { toConnectorError } from "../kernel/errors/connector-error.ts";
import { readConnector } from "./read-connector.ts";
import { ConfigInvalidError } from "./report/finding.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

const manyOfAKind: Readonly<Record<string, (count: number) => string>> = {
  "unknown settings": (count) =>
    minimal +
    numbers(count)
      .map((n) => `unknwn_${n}: 1`)
      .join("\n"),
  "unknown settings of a block": (count) =>
    `${minimal}\nstate:\n${numbers(count)
      .map((n) => `  pth${n}: 1`)
      .join("\n")}`,
  "unset variables": (count) =>
    minimal +
    numbers(count)
      .map((n) => `k${n}: "\${UNSET_${n}}"`)
      .join("\n"),
  "set variables": (count) =>
    minimal +
    numbers(count)
      .map((n) => `k${n}: "\${SET}"`)
      .join("\n"),
  "connectors with one id": (count) =>
    `memory_api: { url: "http://127.0.0.1:8080" }\nconnectors:\n${numbers(count)
      .map(() => "  - { id: a, context_id: c }")
      .join("\n")}`,
};

function invalid(read: () => unknown): ConfigInvalidError {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof ConfigInvalidError) return thrown;
    throw thrown;
  }
  throw new Error("it is valid");
}

/** Milliseconds of processor time; the shorter of two, because the first one warms up. */
function cost(work: () => unknown): number {
  const times = [0, 1].map(() => {
    const before = process.cpuUsage();
    work();
    return process.cpuUsage(before).user / 1000;
  });
  return Math.min(...times);
}

describe.each(Object.entries(manyOfAKind))("%s", (_, yaml) => {
  const read = (count: number) => invalid(() => readYaml(yaml(count), { environment: { SET: "x" } }));

  test("a hundred are told, and how many more there are", () => {
    const error = read(300);
    expect(error.problems).toHaveLength(100);
    expect(error.total).toBeGreaterThanOrEqual(299);
    expect(error.format()).toContain(`\n  and ${error.total - 100} more`);
  });

  test("a file four times as long takes about four times as long", () => {
    const short = cost(() => read(2500));
    expect(cost(() => read(10_000))).toBeLessThan(short * 9);
  });
});

test("fewer than a hundred are all told, without a word of more", () => {
  const error = invalid(() => readYaml(manyOfAKind["unknown settings"]?.(99) ?? ""));
  expect([error.problems.length, error.total]).toEqual([99, 99]);
  expect(error.format()).not.toContain("more");
});

test("the same holds for a connector in the body of a request", () => {
  const body = Object.fromEntries(numbers(20_000).map((n) => [`contxt_${n}`, 1]));
  const error = invalid(() => readConnector(body, { tree: {}, folder: "/" }));
  expect(error.problems).toHaveLength(100);
  expect(error.total).toBeGreaterThanOrEqual(20_000);
});

test.each([
  ["aliases that multiply", nestedAliases(12)],
  ["deep nesting", `a: ${"[".repeat(5000)}${"]".repeat(5000)}`],
  [
    "deep nesting in blocks",
    numbers(200)
      .map((n) => `${" ".repeat(n)}a:`)
      .join("\n"),
  ],
  ["two hundred thousand values", `a: [${"1,".repeat(210_000)}]`],
  [
    "keys that are the same",
    `${numbers(20_000)
      .map((n) => `k${n}: 1`)
      .join("\n")}\nk7: 2`,
  ],
])("%s are refused with a code", (_, yaml) => {
  const refused = () => {
    try {
      readYaml(yaml);
      return "valid";
    } catch (thrown) {
      return toConnectorError(thrown).code;
    }
  };
  expect(refused()).toMatch(/^CONFIG_(SYNTAX|INVALID)$/u);
});

function nestedAliases(levels: number): string {
  const level = (n: number) =>
    `l${n}: &l${n} [${n === 0 ? "1" : `*l${n - 1}`}${n === 0 ? "" : `, *l${n - 1}`.repeat(8)}]`;
  return numbers(levels).map(level).join("\n");
}
