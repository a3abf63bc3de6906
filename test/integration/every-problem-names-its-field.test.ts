import { expect, test } from "vitest";
import type * as z from "zod";
import { routes } from "../../src/api/routes.ts";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";

/** How the library that reads inputs words what it refuses. */
const foreignWords = /^(?:Invalid|Too (?:small|big)|Unrecognized|Required)|\bexpected\b|\bNaN\b/u;

const bodies = [
  [],
  "text",
  5,
  { zzz: 1 },
  { since: "yesterday" },
  { since: 5, codes: "x", dryRun: "no", limit: {} },
];
const fill = (path: string) => path.replaceAll(/\{\w+\}/gu, "one");

test("whatever body a request has, each problem is named by a field, in words of ours", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const posts = routes.filter(({ method, body }) => method !== "GET" && body !== undefined);
  expect(posts.length).toBeGreaterThan(8);
  for (const { method, path } of posts) {
    for (const body of bodies) {
      const answer = await callApi(url, method, fill(path), { key, body });
      const what = `${method} ${path} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`;
      for (const { path: field, reason } of answer.body.problems ?? []) {
        expect(field, what).not.toMatch(/\.$|^$/u);
        expect(reason, what).not.toMatch(foreignWords);
      }
    }
  }
});

test("whatever value a parameter has, what is wrong with it is said in words of ours", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const refused: string[] = [];
  for (const { path, query } of routes.filter(({ method }) => method === "GET")) {
    for (const [name, schema] of Object.entries((query as z.ZodObject | undefined)?.shape ?? {})) {
      if ((schema as z.ZodType).safeParse(" .").success) continue;
      const { body } = await callApi(url, "GET", `${fill(path)}?${name}=%20.`, { key });
      for (const problem of body.problems) {
        refused.push(problem.path);
        expect(problem.path, path).toMatch(/^querystring\.\w/u);
        expect(problem.reason, `${path} ${name}`).not.toMatch(foreignWords);
      }
    }
  }
  expect(refused).toEqual(
    expect.arrayContaining(["querystring.since", "querystring.limit", "querystring.code"]),
  );
});

test.each([
  [["memories", "--code", "SINK_DOKUMENT_FAILED"], "USAGE: --code: is no error code", "SINK_DOCUMENT_FAILED"],
  [["errors", "--code", "USAGE,NOPE"], "USAGE: --code: is no error code", "errors"],
  [["dead-letters", "list", "--code", "sink_busy"], "USAGE: --code: is no error code", "SINK_BUSY"],
  [["dead-letters", "replay", "--code", "NOPE"], "USAGE: --code: is no error code", "--help"],
  [["audit", "list", "--action", "key.crate"], "USAGE: --action: is no action", "key.create"],
  [["audit", "list", "--actor", ""], "USAGE: --actor: must have 1 to 200 characters", "--help"],
  [["backup", ""], "It has to name a file", "--help"],
  [["restore", ""], "It has to name a file", "--help"],
  [["state", "migrate", "--to", "sqlite", "--from", ""], "It has to name a file", "--help"],
  [["demo", "--keep", ""], "USAGE: --keep must not be empty", "./demo"],
  [["memories", "--context", ""], "USAGE: --context: must have 1 to 500 characters", "--help"],
])("%j is told by the name of its option", async (args, said, hint) => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  const { code, out, err } = await runCli(args, { cwd: folder });
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(said);
  expect(err).toContain(hint);
});
