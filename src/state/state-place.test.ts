import { expect, test } from "vitest";
import { stateHasOnePlace, stateSettings, toStateConfig } from "./settings.ts";
import { readStateUrl, schemaIn } from "./state-place.ts";

const placeOf = (state: Record<string, unknown>) => {
  const { backend, path, password, localPath } = toStateConfig(stateSettings.parse(state), "/etc/connector");
  return { backend, path, password, localPath };
};

test("a URL says where the state is, and what was a password in it is no part of that", () => {
  expect(placeOf({ url: "postgresql://me:s%3Acret@db:5433/memories?sslmode=require" })).toEqual({
    backend: "postgres",
    path: "postgresql://me@db:5433/memories?sslmode=require&schema=memory_connector",
    password: "s:cret",
    localPath: expect.stringMatching(/^\/etc\/connector\/memory_sync_state-[0-9a-f]{8}$/u),
  });
  const socket = placeOf({ url: "postgres:///memories?host=/run/postgresql&password=other&schema=second" });
  expect([schemaIn(socket.path), socket.password, socket.path.includes("other")]).toEqual([
    "second",
    "other",
    false,
  ]);
  expect(placeOf({ url: "postgres://me@db/memories", password: "given" }).password).toBe("given");
});

test("the URL of a file is the same file as its backend and path say", () => {
  for (const [url, same] of [
    ["sqlite:./s.db", { path: "./s.db" }],
    ["sqlite:///var/s.db", { path: "/var/s.db" }],
    ["json:s", { backend: "json", path: "s" }],
  ] as const)
    expect(placeOf({ url })).toEqual(placeOf(same));
});

test.each([
  ["mysql://db/memories", /must begin with postgres:\/\//u],
  ["postgres://db", /must name user, server and database/u],
  ["postgres://me@db/memories?schema=Mine", /must name a schema of small letters/u],
  ["postgres://me@db/memories?schema=pg_mine", /must name a schema/u],
  ["sqlite:", /names no file/u],
])("%s is no state, and what is wrong with it is said", (url, problem) => {
  expect(readStateUrl(url)).toEqual({ problem: expect.stringMatching(problem) });
  expect(stateSettings.safeParse({ url }).error?.message).toMatch(problem);
});

test("one way to say where it is, and a password for a database only", () => {
  const problems = (state: unknown) => stateHasOnePlace(state).map(({ path }) => path.join("."));
  expect(problems({ url: "postgres://db/m", backend: "sqlite", path: "x", password: "p" })).toEqual([
    "backend",
    "path",
  ]);
  expect(problems({ path: "x", password: "p" })).toEqual(["password"]);
  expect(problems({ url: "postgres://db/m", password: "p" })).toEqual([]);
});
