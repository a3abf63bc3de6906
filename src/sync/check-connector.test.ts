import { expect, test } from "vitest";
import { ConnectorError } from "../errors/connector-error.ts";
import { type CheckResult, checkConnector } from "./check-connector.ts";
import type { SyncParts } from "./run-context.ts";

type Ends = Pick<SyncParts, "source" | "sink">;

const never = () => new Promise<never>(() => undefined);
const connector = { id: "one", contextIds: ["A", "B"], memoryApi: { url: "http://source" } };
const info = { mode: "api", generation: "1.5", version: "1.5.0", location: "http://sink", workspace: null };

function ends(check: (contextId: string) => Promise<unknown>, connect: () => Promise<unknown>): Ends {
  return { source: { check }, sink: { connect } } as unknown as Ends;
}

test("ends that never answer, and heed no signal, are told so within the limit, and the others are told at once", async () => {
  const told: CheckResult[] = [];
  const tried: string[] = [];
  const results = await checkConnector(
    ends(async (id) => (id === "A" ? never() : undefined), never),
    connector,
    new AbortController().signal,
    { limitMs: 50, onTry: (_, subject) => tried.push(subject), onResult: (result) => told.push(result) },
  );
  expect(results.map(({ subject, code }) => [subject, code])).toEqual([
    ["Memory API, context A", "SOURCE_UNREACHABLE"],
    ["Memory API, context B", null],
    ["LightRAG", "SINK_UNREACHABLE"],
  ]);
  expect(results[0]?.message).toBe("no answer within 50 ms");
  expect(tried).toEqual(results.map(({ subject }) => subject));
  expect(told[0]?.subject).toBe("Memory API, context B");
  expect(new Set(told)).toEqual(new Set(results));
});

test("what an end says in time is told as it says it", async () => {
  const refused = new ConnectorError("SOURCE_UNAUTHORIZED", "the key was refused");
  const results = await checkConnector(
    ends(
      () => Promise.reject(refused),
      async () => info,
    ),
    connector,
    new AbortController().signal,
    { limitMs: 60_000 },
  );
  expect(results.map(({ ok, code }) => [ok, code])).toEqual([
    [false, "SOURCE_UNAUTHORIZED"],
    [false, "SOURCE_UNAUTHORIZED"],
    [true, null],
  ]);
});

test("a person who stops the check stops it, and that is no result", async () => {
  const stop = new AbortController();
  const check = checkConnector(ends(never, never), connector, stop.signal, { limitMs: 60_000 });
  stop.abort(new ConnectorError("CANCELLED", "stopped"));
  await expect(check).rejects.toThrow("stopped");
});
