import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { answerStdio } from "./stdio.ts";

const mostBytes = 10 * 1024 * 1024;

const ends: [string, (input: PassThrough, stop: AbortController) => void][] = [
  ["its client closes its end", (input) => input.end()],
  ["its client breaks off", (input) => input.destroy()],
  ["it is told to stop", (_, stop) => stop.abort()],
  ["a message is longer than any", (input) => input.write("x".repeat(mostBytes + 1))],
];

test.each(ends)("a connection ends when %s", async (_, end) => {
  const input = new PassThrough();
  const output = new PassThrough();
  const stop = new AbortController();
  const problems: string[] = [];
  const answered = answerStdio({
    ...{ input, output, signal: stop.signal, mayWrite: false as const, writeHint: "" },
    contextOf: () => ({ call: () => Promise.reject(new Error("no tool is called")), pageUrl: null }),
    onInternalError: ({ message }) => problems.push(message),
    onBrokenMessage: (problem) => problems.push(problem),
  });
  input.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" })}\n`);
  const [said] = await output.take(1).toArray();
  expect(JSON.parse(String(said)).result.tools.map(({ name }: { name: string }) => name)).toContain("search");
  end(input, stop);
  await answered;
  expect(output.read()).toBeNull();
});

test("who has asked and closes its end gets its answers, and what is no message is told in one line", async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const waits = Promise.withResolvers<never>();
  const called = Promise.withResolvers<void>();
  const problems: string[] = [];
  const answered = answerStdio({
    ...{ input, output, signal: new AbortController().signal, mayWrite: false as const, writeHint: "" },
    contextOf: () => {
      called.resolve();
      return { call: () => waits.promise, pageUrl: null };
    },
    onInternalError: () => undefined,
    onBrokenMessage: (problem) => problems.push(problem),
  });
  const messages = [
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "status", arguments: {} } },
    { jsonrpc: "1.0", id: 9, method: "x" },
    { jsonrpc: "2.0", id: 2, method: "tools/list" },
  ];
  input.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  await called.promise;
  waits.reject(new ConnectorError("STATE_LOCKED", "another process has it"));
  await answered;
  output.end();
  const said = (await output.toArray()).join("").trim().split("\n");
  expect(said.map((line) => JSON.parse(line).id).toSorted()).toEqual([1, 2]);
  expect(said.join()).toContain("STATE_LOCKED");
  expect(problems).toEqual([expect.stringMatching(/^API_REQUEST_INVALID: [^\n]*JSON-RPC 2\.0[^\n]*$/u)]);
});

test("a connection whose process was told to stop before ends at once", async () => {
  await answerStdio({
    ...{
      input: new PassThrough(),
      output: new PassThrough(),
      signal: AbortSignal.abort(),
      mayWrite: false as const,
      writeHint: "",
    },
    contextOf: () => Promise.reject(new Error("no tool is called")),
    onInternalError: () => undefined,
    onBrokenMessage: () => undefined,
  });
});
