import { expect, test } from "vitest";
import { recordSpans } from "../../../test/support/recorded-spans.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { currentSpan, currentTracer, inSpan, within } from "./span.ts";

const fails = async (thrown: unknown) => {
  throw thrown;
};

test("work in a span is a part of the span that it was begun in, across whatever it waits for", async () => {
  const { spans, tracer } = recordSpans();
  await within(tracer, () =>
    inSpan({ name: "run" }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await Promise.all(["a", "b"].map((name) => inSpan({ name }, async () => currentSpan()?.spanId)));
      expect(currentSpan()?.spanId).toBe("run");
    }),
  );
  expect(spans.map(({ path, ended, failed }) => [path, ended, failed])).toEqual([
    ["run", true, null],
    ["run > a", true, null],
    ["run > b", true, null],
  ]);
});

test.each([
  [new ConnectorError("SINK_BUSY", "words of a memory"), "SINK_BUSY"],
  [new DOMException("gone", "AbortError"), "CANCELLED"],
  [new TypeError("words of a memory"), "TypeError"],
  ["words of a memory", "_OTHER"],
])("a span of work that throws %s has failed as %s, without its words", async (thrown, errorType) => {
  const { spans, tracer } = recordSpans();
  await expect(within(tracer, () => inSpan({ name: "run" }, () => fails(thrown)))).rejects.toBe(thrown);
  expect(spans).toEqual([{ path: "run", attributes: {}, failed: errorType, ended: true }]);
});

test("where nothing is traced, work has no span", async () => {
  expect(await inSpan({ name: "run" }, async (span) => [span, currentSpan(), currentTracer()])).toEqual([
    null,
    null,
    null,
  ]);
  const { spans, tracer } = recordSpans();
  await within(tracer, () => within(null, () => inSpan({ name: "run" }, async () => {})));
  expect(spans).toEqual([]);
});
