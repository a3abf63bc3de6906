/** Reads OTLP's messages from Protobuf by the field numbers of its definition, and by no code of the SDK. */

export type Value = string | number | boolean | Value[];

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** Empty for a root. */
  parentId: string;
  name: string;
  kind: "unspecified" | "internal" | "server" | "client";
  /** Nanoseconds. */
  start: bigint;
  end: bigint;
  attributes: Record<string, Value>;
  failed: boolean;
  resource: Record<string, Value>;
}

export interface ReceivedMetric {
  name: string;
  description: string;
  kind: "sum" | "gauge" | "histogram";
  isMonotonic: boolean;
  points: {
    attributes: Record<string, Value>;
    value: number;
    /** Of a histogram. */
    buckets: { bounds: number[]; counts: number[] };
  }[];
  resource: Record<string, Value>;
}

export function readSpans(message: Buffer): ReceivedSpan[] {
  return messages(message, 1).flatMap((ofResource) => {
    const resource = attributesOf(messages(ofResource, 1)[0], 1);
    const spans = messages(ofResource, 2).flatMap((scope) => messages(scope, 2));
    return spans.map((span) => readSpan(span, resource));
  });
}

const kinds = ["unspecified", "internal", "server", "client"] as const;

function readSpan(span: Buffer, resource: Record<string, Value>): ReceivedSpan {
  const hex = (field: number) => bytes(span, field)?.toString("hex") ?? "";
  const [status] = messages(span, 15);
  return {
    traceId: hex(1),
    spanId: hex(2),
    parentId: hex(4),
    name: text(span, 5),
    kind: kinds[Number(number(span, 6))] ?? "unspecified",
    start: bytes(span, 7)?.readBigUInt64LE() ?? 0n,
    end: bytes(span, 8)?.readBigUInt64LE() ?? 0n,
    attributes: attributesOf(span, 9),
    failed: status !== undefined && number(status, 3) === 2n,
    resource,
  };
}

export function readMetrics(message: Buffer): ReceivedMetric[] {
  return messages(message, 1).flatMap((ofResource) => {
    const resource = attributesOf(messages(ofResource, 1)[0], 1);
    const metrics = messages(ofResource, 2).flatMap((scope) => messages(scope, 2));
    return metrics.map((metric) => ({ ...readMetric(metric), resource }));
  });
}

function readMetric(metric: Buffer): Omit<ReceivedMetric, "resource"> {
  const [gauge] = messages(metric, 5);
  const [sum] = messages(metric, 7);
  const [histogram] = messages(metric, 9);
  const data = gauge ?? sum ?? histogram ?? Buffer.alloc(0);
  return {
    name: text(metric, 1),
    description: text(metric, 2),
    kind: gauge !== undefined ? "gauge" : sum !== undefined ? "sum" : "histogram",
    isMonotonic: sum !== undefined && number(sum, 3) === 1n,
    points: messages(data, 1).map((point) => ({
      attributes: attributesOf(point, histogram === undefined ? 7 : 9),
      value:
        histogram === undefined
          ? (bytes(point, 4)?.readDoubleLE() ?? Number(bytes(point, 6)?.readBigInt64LE() ?? 0))
          : Number(bytes(point, 4)?.readBigUInt64LE() ?? 0),
      buckets: {
        bounds: words(bytes(point, 7)).map((word) => word.readDoubleLE()),
        counts: words(bytes(point, 6)).map((word) => Number(word.readBigUInt64LE())),
      },
    })),
  };
}

function attributesOf(message: Buffer | undefined, field: number): Record<string, Value> {
  const pairs = message === undefined ? [] : messages(message, field);
  return Object.fromEntries(pairs.map((pair) => [text(pair, 1), readValue(messages(pair, 2)[0])]));
}

function readValue(message: Buffer | undefined): Value {
  if (message === undefined) return "";
  for (const { field, value } of fieldsOf(message)) {
    if (field === 1) return (value as Buffer).toString("utf8");
    if (field === 2) return value === 1n;
    if (field === 3) return Number(BigInt.asIntN(64, value as bigint));
    if (field === 4) return (value as Buffer).readDoubleLE();
    if (field === 5) return messages(value as Buffer, 1).map(readValue);
  }
  return "";
}

interface Field {
  field: number;
  value: bigint | Buffer;
}

const messages = (message: Buffer, field: number): Buffer[] =>
  fieldsOf(message).flatMap((each) => (each.field === field ? [each.value as Buffer] : []));
const bytes = (message: Buffer, field: number): Buffer | undefined => messages(message, field)[0];
const text = (message: Buffer, field: number): string => bytes(message, field)?.toString("utf8") ?? "";
const number = (message: Buffer, field: number): bigint =>
  (fieldsOf(message).find((each) => each.field === field)?.value as bigint | undefined) ?? 0n;
const words = (packed: Buffer = Buffer.alloc(0)): Buffer[] =>
  Array.from({ length: packed.length / 8 }, (_, index) => packed.subarray(8 * index));

/** The wire format: a varint of field number and type, and the value behind it. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  };
  const take = (length: number) => {
    const part = message.subarray(at, at + length);
    at += length;
    return part;
  };
  while (at < message.length) {
    const tag = Number(varint());
    const type = tag & 7;
    const value = type === 0 ? varint() : take(type === 1 ? 8 : type === 5 ? 4 : Number(varint()));
    fields.push({ field: tag >> 3, value });
  }
  return fields;
}
