import type { Random } from "./random.ts";

const opened = (depth: number) => "[".repeat(depth);
const nested = (depth: number) => `${opened(depth)}${"]".repeat(depth)}`;

/** Texts that have been trouble to some parser somewhere. */
const nastyTexts = [
  "",
  "\u0000",
  "\ud800",
  "\u001b[31m\r\n",
  "__proto__",
  "constructor",
  "../../../etc/passwd",
  "%00%2e%2e%2f",
  "<|#|>",
  "<|COMPLETE|>",
  "{{{#a}}{{/b}}",
  `${"a".repeat(30)}!`,
  " ".repeat(3_000),
  "9".repeat(400),
  "💣".repeat(50),
  "2025-02-30T25:61:61+99:99",
  "data:text/html,<script>",
  "\u202e\u2028\ufeff",
] as const;

const nastyValues: readonly unknown[] = [
  null,
  true,
  [],
  {},
  -0,
  1e308,
  -1,
  2 ** 53,
  0.1,
  ...nastyTexts,
  [[[[[]]]]],
  { __proto__: null, toString: 1, length: -1 },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  Array.from({ length: 300 }, (_, at) => at),
];

/** Bytes that mean something to JSON, YAML or the record format. */
const tokens = [
  ...nastyTexts,
  ...'{}[]",:\\&*!|>%@`#-?',
  opened(200),
  nested(40),
  nested(20_000),
  `{"a":${nested(20_000)}},`,
  '{"a":'.repeat(500),
  "\\ud800",
  "\\u0000",
  "1e999999",
  "-",
  "NaN",
  "&a [*a,*a]",
  "<<: *a",
  "!!js/function",
  "\n  - ",
  "relationship<|#|>",
  "${A}",
  "${file:/etc/passwd}",
];

/** A copy of the bytes with a few things done to them; `others` lend pieces. */
export function mutateBytes(random: Random, bytes: Buffer, others: readonly Buffer[]): Buffer {
  let changed = Buffer.from(bytes);
  for (let left = 1 + random.below(6); left > 0; left -= 1) {
    changed = random.pick(byteChanges)(random, changed, others);
  }
  return changed.subarray(0, 512 * 1024);
}

type ByteChange = (random: Random, bytes: Buffer, others: readonly Buffer[]) => Buffer<ArrayBuffer>;

const byteChanges: readonly ByteChange[] = [
  (random, bytes) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  (random, bytes) => spliced(bytes, ...range(random, bytes), Buffer.alloc(0)),
  (random, bytes) => {
    const [from, to] = range(random, bytes);
    return spliced(bytes, from, from, bytes.subarray(from, to));
  },
  (random, bytes) => {
    const at = random.below(bytes.length + 1);
    return spliced(bytes, at, at, Buffer.from(random.pick(tokens)));
  },
  (random, bytes, others) => {
    const other = random.pick(others);
    return spliced(bytes, ...range(random, bytes), other.subarray(...range(random, other)));
  },
  (random, bytes) => Buffer.from(bytes.subarray(0, random.below(bytes.length + 1))),
];

function range(random: Random, bytes: Buffer): [from: number, to: number] {
  const from = random.below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + random.below(64))];
}

function spliced(bytes: Buffer, from: number, to: number, piece: Buffer): Buffer<ArrayBuffer> {
  return Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)]);
}

/** A copy of a JSON value in which a few places hold something else. */
export function mutateJson(random: Random, value: unknown): unknown {
  let changed = structuredClone(value);
  for (let left = 1 + random.below(3); left > 0; left -= 1) changed = changeSomewhere(random, changed);
  return changed;
}

function changeSomewhere(random: Random, value: unknown): unknown {
  if (typeof value !== "object" || value === null || random.chance(0.15)) return random.pick(nastyValues);
  const holder = value as Record<string, unknown>;
  const keys = Object.keys(holder);
  if (keys.length === 0 || random.chance(0.05)) return withMore(random, holder);
  const key = random.pick(keys);
  if (random.chance(0.1)) delete holder[key];
  else Object.defineProperty(holder, key, { ...own, value: changeSomewhere(random, holder[key]) });
  return value;
}

const own = { enumerable: true, configurable: true, writable: true };

function withMore(random: Random, holder: Record<string, unknown>): unknown {
  const key = random.pick(nastyTexts);
  Object.defineProperty(holder, key, { ...own, value: random.pick(nastyValues) });
  return holder;
}

/** A sample with changes in its bytes, in its values, or in both; now and then nothing but noise. */
export function mutateSample(random: Random, samples: readonly Buffer[]): Buffer {
  if (random.chance(0.03))
    return Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
  const sample = random.pick(samples);
  const values = random.chance(0.5) ? withChangedValues(random, sample) : sample;
  return values !== sample && random.chance(0.7) ? values : mutateBytes(random, values, samples);
}

function withChangedValues(random: Random, sample: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(mutateJson(random, JSON.parse(sample.toString())) ?? null));
  } catch {
    return sample;
  }
}
