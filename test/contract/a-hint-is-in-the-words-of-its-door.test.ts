import { expect, test } from "vitest";
import type * as z from "zod";
import { requestOf } from "../../src/api/endpoint.ts";
import type { Route } from "../../src/api/route.ts";
import { commands } from "../../src/cli/commands.ts";
import { tools } from "../../src/mcp/mcp-server.ts";
import { callApi } from "../support/api-client.ts";
import { offeredOperations, withService } from "../support/both-doors.ts";
import { runCli } from "../support/cli.ts";
import { connectHttp, connectStdio } from "../support/mcp-client.ts";
import { adminKey, makeWorld } from "../support/service.ts";

/** What only a person at a terminal can type. */
const typed = /(?<![\w-])--[a-z]|`memory-connector /u;

const range = { since: "2025-02-01T00:00:00Z", until: "2025-01-31T00:00:00Z" };

/** Inputs that are right by their fields, and that no state has anything for. */
const inputs: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { connectorId: "nowhere" },
  range,
  { near: "Nowherevillage" },
  { near: "Nqzxv" },
  { radiusKm: 5 },
  { acceptDeletions: true },
  { everywhere: true },
  { after: "zzz" },
];

const usual: Readonly<Record<string, unknown>> = {
  ...{ connectorId: "one", contextId: "CTX", memoryId: "m-none", runId: "20250101T000000-abcd", id: "none" },
  ...{ name: "Nobody", question: "Who mends it?", action: "drop", memoryIds: ["m-none"], channelId: "none" },
  ...{ documentId: "doc-none", entity: "Nobody", since: "2024-01-01T00:00:00Z", role: "viewer" },
};

/** The fields that the operation has, of what is given. */
function inputFor(input: z.ZodObject, given: Readonly<Record<string, unknown>>) {
  const required = Object.entries(input.shape).flatMap(([key, schema]) =>
    (schema as z.ZodType).safeParse(undefined).success || !(key in usual) ? [] : [[key, usual[key]] as const],
  );
  const known = Object.entries(given).filter(([key]) => Object.hasOwn(input.shape, key));
  return { ...Object.fromEntries(required), ...Object.fromEntries(known) };
}

/** Not answered at once, or more than asked for. */
const skipped = /^(?:GET \/(?:backup|export|events)|POST \/(?:keys|connectors|session))$/u;

test("whatever an operation refuses over HTTP, it names no command and no option", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  const codes = new Set<string>();
  await withService(folder, async (url) => {
    const ask = async (route: Route, input: object) => {
      const { operation, endpoint } = route.offers as NonNullable<Route["offers"]>;
      const { path, body } = requestOf(operation, endpoint, inputFor(operation.input, { ...input }));
      const answer = await callApi(url, route.method, path, { ...(route.body !== undefined && { body }) });
      if (answer.status < 400) return;
      codes.add(answer.body.code);
      expect(JSON.stringify(answer.body), `${route.method} ${path}`).not.toMatch(typed);
    };
    for (const { routes } of offeredOperations().values())
      for (const route of routes.filter(({ method, path }) => !skipped.test(`${method} ${path}`)))
        for (const input of inputs) await ask(route, input);
  });
  expect([...codes]).toEqual(
    expect.arrayContaining([
      ...["CONNECTOR_UNKNOWN", "RANGE_REVERSED", "OPTION_INEFFECTIVE", "PLACE_UNKNOWN", "MEMORY_UNKNOWN"],
      ...["RUN_UNKNOWN", "BACKFILL_NOT_ACTIVE", "API_KEY_UNKNOWN", "CHANNEL_UNKNOWN"],
    ]),
  );
}, 120_000);

test.each(["http", "stdio"])(
  "whatever a tool refuses over %s, it names no command and no option",
  async (door) => {
    const { folder, configure } = await makeWorld(0);
    configure("connectors: [{ id: one, context_id: CTX }]", { lightrag: "{ mode: direct }" });
    const codes = new Set<string>();
    const askAll = async (client: Awaited<ReturnType<typeof connectHttp>>) => {
      for (const { name, input } of tools)
        for (const given of [...inputs, { id: "one/CTX/none" }, { id: "?" }]) {
          const answer = await client.call(name, inputFor(input, given));
          if (!answer.isError) continue;
          codes.add(answer.says.code);
          expect(JSON.stringify(answer.says), `${name} ${JSON.stringify(given)}`).not.toMatch(typed);
        }
    };
    if (door === "http")
      await withService(folder, async (url) => askAll(await connectHttp("2026", `${url}/mcp`)));
    else {
      await askAll(await connectStdio("2026", folder));
      await askAll(
        await connectStdio("2026", folder, "--allow-writes", "--url", "http://127.0.0.1:1", "--key", "k"),
      );
      expect([...codes]).toEqual(expect.arrayContaining(["SERVICE_UNREACHABLE", "API_ROLE_REFUSED"]));
    }
    expect([...codes]).toEqual(
      expect.arrayContaining(["RANGE_REVERSED", "CONNECTOR_UNKNOWN", "PLACE_UNKNOWN"]),
    );
  },
  120_000,
);

test("what a service says is said in commands and options on the command line", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  await withService(folder, async (url) => {
    const { err } = await runCli(["cancel", "one", "--url", url, "--key", adminKey], { cwd: folder });
    expect(err).toMatch(/^RUN_NOT_ACTIVE: .*`memory-connector status`/u);
  });
});

test("a command that looks around a place has the option that its refusal names", async () => {
  const asking = commands.filter(({ operations = [] }) =>
    operations.some(({ errors }) => errors.includes("PLACE_UNKNOWN")),
  );
  expect(asking.map(({ name }) => name).toSorted()).toEqual(["memories", "query"]);
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  for (const { name, options } of asking) {
    const words = [name, ...(name === "query" ? ["Who mends it?"] : []), "--near", "Nqzxv"];
    const { err } = await runCli(words, { cwd: folder });
    const named = Array.from(err.matchAll(/(?<![\w-])--[a-z-]+/gu), ([option]) => option);
    expect(named, err).toEqual(["--place"]);
    expect(options.map(({ long }) => long)).toEqual(expect.arrayContaining(named));
    expect(err).not.toContain("`memory-connector");
  }
});
