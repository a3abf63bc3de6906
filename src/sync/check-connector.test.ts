import { expect, test } from "vitest";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { type CheckResult, checkConnector } from "./check-connector.ts";
import type { SyncParts } from "./sync-parts.ts";

type Ends = Pick<SyncParts, "source" | "sink">;

const never = () => new Promise<never>(() => undefined);
const connector = {
  id: "one",
  contextIds: ["A", "B"],
  source: { title: "Memory API", server: "http://source" },
};
const from = { server: "http://source", version: null, account: null };
const info = { mode: "api", generation: "1.5", version: "1.5.0", location: "http://sink", workspace: null };

function ends(check: (contextId: string) => Promise<unknown>, connect: () => Promise<unknown>): Ends {
  return { source: { check }, sink: { connect } } as unknown as Ends;
}

test("ends that never answer, and heed no signal, are told so within the limit, and the others are told at once", async () => {
  const told: CheckResult[] = [];
  const tried: string[] = [];
  const results = await checkConnector(
    ends(
      async (id) => (id === "A" ? never() : { server: "http://source", version: "2.1", account: "ada" }),
      never,
    ),
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
  expect(results[1]?.message).toBe(
    "http://source (version 2.1) is reachable, the account is ada, the context is there",
  );
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

const quiet = new AbortController().signal;
const messages = async (sink: object, options = {}) => {
  const source = { check: async () => from };
  const results = await checkConnector({ source, sink } as unknown as Ends, connector, quiet, {
    limitMs: 60_000,
    ...options,
  });
  return results.map(({ subject, message }) => `${subject}: ${message}`);
};

test("both ends are told with what was found at them", async () => {
  const connect = async () => info;
  expect(await messages({ connect })).toEqual([
    "Memory API, context A: http://source is reachable, the key is accepted, the context is there",
    "Memory API, context B: http://source is reachable, the key is accepted, the context is there",
    "LightRAG: http://sink answers, LightRAG 1.5.0 (generation 1.5), a workspace that the server does not name",
  ]);
  expect(await messages({ connect }, { ends: ["sink"] })).toHaveLength(1);
  expect(await messages({ connect }, { ends: ["source"] })).toHaveLength(2);
});

test("a source without a server has no key to be accepted", async () => {
  const source = { check: async () => ({ ...from, server: "/vault" }) };
  const folder = { id: "one", contextIds: ["A"], source: { title: "Folder", server: null } };
  const parts = { source, sink: {} } as unknown as Ends;
  const [result] = await checkConnector(parts, folder, quiet, { limitMs: 60_000, ends: ["source"] });
  expect(result?.message).toBe("/vault can be read");
});

test.each([
  [
    { workspace: "" },
    "LightRAG: http://sink answers, LightRAG 1.5.0 (generation 1.5), the default workspace",
  ],
  [{ workspace: "w" }, 'LightRAG: http://sink answers, LightRAG 1.5.0 (generation 1.5), workspace "w"'],
  [{ isNew: true }, "LightRAG: http://sink is not there yet; the first sync makes it"],
])("LightRAG with %o is told so", async (change, told) => {
  expect(await messages({ connect: async () => ({ ...info, ...change }) }, { ends: ["sink"] })).toEqual([
    told,
  ]);
});

test("a sink that can be inspected is not connected to, and models that can be checked are", async () => {
  const asked: unknown[] = [];
  const sink = {
    connect: never,
    inspect: async (_: AbortSignal, options: object) => {
      asked.push(options);
      return info;
    },
    checkModels: async () => "they answer",
  };
  const told = await messages(sink, { ends: ["sink"], thorough: true });
  expect(told.at(-1)).toBe("models: they answer");
  await messages(sink, { ends: ["sink"] });
  expect(asked).toEqual([{ thorough: true }, { thorough: false }]);
});

test("a thorough look takes as long as it takes, any other and the models end with the time", async () => {
  const late = Promise.withResolvers<typeof info>();
  const sink = { connect: never, inspect: () => late.promise, checkModels: never };
  const codes = async (thorough: boolean) => {
    const results = await checkConnector({ source: {}, sink } as unknown as Ends, connector, quiet, {
      limitMs: 5,
      ends: ["sink"],
      thorough,
      onResult: ({ subject }) => subject === "models" && thorough && late.resolve(info),
    });
    return results.map(({ code }) => code);
  };
  expect(await codes(false)).toEqual(["SINK_UNREACHABLE", "MODEL_UNREACHABLE"]);
  expect(await codes(true)).toEqual([null, "MODEL_UNREACHABLE"]);
  const plain = { connect: never };
  const results = await checkConnector({ source: {}, sink: plain } as unknown as Ends, connector, quiet, {
    limitMs: 5,
    ends: ["sink"],
    thorough: true,
  });
  expect(results[0]).toMatchObject({
    ok: false,
    code: "SINK_UNREACHABLE",
    hint: expect.stringMatching(/\S/u),
  });
});
