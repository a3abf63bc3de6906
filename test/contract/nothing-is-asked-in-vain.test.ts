import { expect, test } from "vitest";
import type * as z from "zod";
import { askCommand, askRoute, offeredOperations, withService } from "../support/both-doors.ts";
import { adminKey, makeWorld } from "../support/service.ts";

const earlier = "2025-01-31T00:00:00Z";
const later = "2025-02-01T00:00:00Z";

const offered = [...offeredOperations().values()];
const ranges = offered.filter(({ operation: { input } }) =>
  ["since", "until"].every((key) => Object.hasOwn(input.shape, key)),
);

/** What else an operation and its command need to be asked at all. */
const others: Readonly<Record<string, object>> = {
  "dead-letter.change": { action: "drop" },
  "knowledge.query": { question: "Who mends it?" },
};

const argumentsOf: Readonly<Record<string, string[]>> = { query: ["Who mends it?"] };

async function oneConnector() {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  return folder;
}

test("every list and every run that takes a range is among those that are tried", () => {
  expect(ranges.map(({ operation }) => operation.name).toSorted()).toEqual([
    "audit.list",
    "backfill.request",
    "dead-letter.change",
    "dead-letter.list",
    "error.list",
    "knowledge.query",
    "memory.list",
    "memory.timeline",
    "run.plan",
    "run.trigger",
  ]);
});

test("a range that ends before it begins is refused alike by every request and every command that takes one", async () => {
  const folder = await oneConnector();
  const refusal = {
    code: "RANGE_REVERSED",
    subject: "since",
    message: expect.stringContaining(later.slice(0, -1)),
  };
  const typed = ["--since", later, "--until", earlier];
  await withService(folder, async (url) => {
    for (const { operation, routes, commands } of ranges) {
      const input = { connectorId: "one", ...others[operation.name], since: later, until: earlier };
      for (const route of routes)
        expect(await askRoute(url, route, input), `${route.method} ${route.path}`).toEqual(refusal);
      for (const command of commands) {
        const where = command === "trigger" ? ["one", "--url", url, "--key", adminKey] : [];
        const asked = [...command.split(" "), ...(argumentsOf[command] ?? []), ...where];
        expect(await askCommand(folder, [...asked, ...typed]), command).toEqual(refusal);
      }
    }
  });
  expect(await askCommand(folder, ["sync", ...typed])).toEqual(refusal);
});

test("a range of one moment is a range", async () => {
  const folder = await oneConnector();
  for (const command of ["memories", "timeline", "errors", "plan"])
    expect(
      await askCommand(folder, [command, "--since", later, "--until", "2025-02-01"]),
      command,
    ).toHaveProperty("answer");
});

test("a backfill that begins in the future has no end that could come after it", async () => {
  const folder = await oneConnector();
  const refusal = { code: "RANGE_REVERSED", subject: "since" };
  expect(await askCommand(folder, ["backfill", "--since", "2999-01-01"])).toMatchObject(refusal);
  const [route] = ranges.find(({ operation }) => operation.name === "backfill.request")?.routes ?? [];
  if (route === undefined) throw new Error("no route asks for a backfill");
  const input = { connectorId: "one", since: "2999-01-01T00:00:00Z" };
  await withService(folder, async (url) => {
    expect(await askRoute(url, route, input)).toMatchObject(refusal);
  });
});

test("what has an effect only beside something else is refused alone, by every request that takes it", async () => {
  const folder = await oneConnector();
  const tried: string[] = [];
  await withService(folder, async (url) => {
    for (const { operation, routes } of offered) {
      for (const { key, beside, reason } of operation.companions ?? []) {
        tried.push(`${operation.name} ${key}`);
        const value = valueFor(operation.input.shape[key] as z.ZodType);
        const input = { connectorId: "one", ...others[operation.name], [key]: value, [beside]: undefined };
        // Where the address itself names what it stands beside, it cannot stand alone.
        for (const route of routes.filter(({ path }) => beside !== "connectorId" || !path.includes("{id}")))
          expect(await askRoute(url, route, input), route.path).toEqual({
            ...{ code: "OPTION_INEFFECTIVE", message: reason, subject: key },
          });
      }
    }
  });
  expect(tried.toSorted()).toEqual([
    "connector.check settings",
    "connector.reconcile acceptDeletions",
    "knowledge.query radiusKm",
    "memory.list radiusKm",
    "reconciliation.request acceptDeletions",
  ]);
});

test.each([
  [["memories", "--radius-km", "5"], "OPTION_INEFFECTIVE"],
  [["query", "why", "--radius-km", "5", "--person", "Ines"], "OPTION_INEFFECTIVE"],
  [["reconcile", "--accept-deletions"], "OPTION_INEFFECTIVE"],
  [["serve", "--scheduler-only", "--port", "0"], "USAGE"],
  [["serve", "--scheduler-only", "--host", "127.0.0.1"], "USAGE"],
  [["graph", "--entity", "Ines", "--memory", "m1"], "USAGE"],
  [["graph", "--entity", "Ines", "--top", "3"], "USAGE"],
  [["graph", "--limit", "5"], "USAGE"],
  [["graph", "--entity", "Ines", "--memory", "m1", "--limit", "5"], "USAGE"],
  [["graph", "--export", "json", "--memory", "m1"], "USAGE"],
  [["init", "--full", "--api-key", "k"], "USAGE"],
  [["init", "--full", "--context-id", "C"], "USAGE"],
  [["init", "--direct", "--lightrag-api-key", "k"], "USAGE"],
])("%j is refused: one of its words would do nothing", async (typed, code) => {
  expect(await askCommand(await oneConnector(), typed)).toMatchObject({ code });
});

/** A value that its schema takes. */
function valueFor(schema: z.ZodType): unknown {
  return [true, 5].find((value) => schema.safeParse(value).success && schema.parse(value) === value);
}
