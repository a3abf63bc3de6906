import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Route } from "../../src/api/route.ts";
import { inRequestWords } from "../../src/kernel/errors/request-words.ts";
import type { OperationDescription } from "../../src/operations/operation.ts";
import {
  askCommand,
  askRoute,
  copyOf,
  offeredOperations,
  operationFiles,
  takesConnector,
  withoutWhatMoves,
  withService,
} from "../support/both-doors.ts";
import { runCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { adminKey, makeWorld } from "../support/service.ts";

/** Operations that one door has, and why the other has not. */
const oneDoor: Readonly<Record<string, string>> = {
  "connector.create": "people at a terminal have the configuration file",
  "connector.reconcile":
    "a caller does not wait for its end: `POST /connectors/{id}/reconcile` has the service do it",
  "connector.get": "`list` shows every connector",
  "connector.items": "a terminal shows memories that need somebody: `dead-letters list`",
  "configuration.show": "`validate --json` prints it",
  "connector.schema": "`config.schema.json` has it",
  "connector.remove": "people at a terminal have the configuration file",
  "connector.replace": "people at a terminal have the configuration file",
  "connector.schedule": "`status` shows it",
  "archive.check": "reads a file of the machine: `restore FILE --check`",
  "state.migrate": "nothing may have the state open meanwhile",
  "state.restore": "nothing may have the state open meanwhile; `POST /restore` says so",
  "dead-letter.count": "`status` shows them",
  "dead-letter.drop": "`dead-letters drop --ids`",
  "dead-letter.get": "`dead-letters show`",
  "dead-letter.replay": "`dead-letters replay --ids`",
  "memory.withdraw": '`push` of `{ "id": ID, "deleted": true }`',
  "entity.find": "completes what somebody types into a form",
  "memory.get": "the same by a full key",
  "reconciliation.request": "a terminal waits for its end: `reconcile`",
  "run.trigger-all": "a terminal has `sync --all`",
  "run.get": "`history` shows it",
  "secrets.rotate": "a new key reaches a service by its surroundings, which a person at the machine changes",
};

interface Case {
  input?: Record<string, unknown>;
  /** The words that say the same on a command line. */
  typed: string[];
  /** A command line that is run before, so that there is something to answer. */
  before?: string[];
  /** What of the command's JSON is the operation's answer, where the command says more or asks several times. */
  // biome-ignore lint/suspicious/noExplicitAny: each command has a shape of its own
  part?: (json: any) => unknown;
  /** The command asks a running service: each door is tried on one of its own. */
  asksService?: true;
}

/** Stands for the id of the key that was made in each world. */
const keyOfTheWorld = "<key id>";

const one = { connectorId: "one" };
const sent = [{ id: "a", created_at: "2024-05-01T10:00:00Z", transcript: "Zoë mends a kayak." }, { id: "b" }];

/** By the name of the operation. */
const cases: Readonly<Record<string, Case>> = {
  "connector.check": { input: one, typed: ["check", "--connector-id", "one"] },
  "connector.status": {
    input: one,
    typed: ["status", "--connector-id", "one"],
    // Scripts know the schedule as text, and what stands of it beside it.
    part: ({ connectors: [{ nextRuns, ...status }] }) => {
      const { schedule, nextRunAt, pausedAt, pauseNote, skipped, openRunId } = status;
      const due = { schedule, nextRunAt, pausedAt, pauseNote, skipped, openRunId, nextRuns };
      return { ...status, schedule: due };
    },
  },
  "connector.list": {
    input: { runs: 30 },
    typed: ["list", "--runs", "30"],
    part: ({ connectors }) => ({
      // biome-ignore lint/suspicious/noExplicitAny: see above
      connectors: connectors.map((each: any) => ({ ...each, description: each.description ?? "" })),
      // A terminal lists them all.
      next: null,
    }),
  },
  "connector.history": { input: { ...one, limit: 5 }, typed: ["history", "--connector-id", "one"] },
  "run.list": { typed: ["history"] },
  "audit.list": { input: { action: "key" }, typed: ["audit", "list", "--action", "key"] },
  "audit.verify": { typed: ["audit", "verify"] },
  "dead-letter.list": { input: one, typed: ["dead-letters", "list", "--connector-id", "one"] },
  "dead-letter.change": {
    input: { ...one, action: "drop", all: true },
    typed: ["dead-letters", "drop", "--all", "--connector-id", "one"],
  },
  "memory.find": {
    input: { ...one, memoryId: "kayak" },
    typed: ["dead-letters", "show", "kayak", "--connector-id", "one"],
  },
  "error.list": {
    input: { ...one, codes: ["MEMORY_MALFORMED"] },
    typed: ["errors", "--connector-id", "one", "--code", "MEMORY_MALFORMED"],
  },
  "memory.push": {
    input: { connectorId: "apps", items: sent },
    typed: ["push", "apps", "sent.json"],
    // Beside the API a service runs them.
    part: (json) => ({ ...json, next: "run" }),
  },
  "memory.list": {
    input: { ...one, near: "38.71,-9.14", radiusKm: 20, status: "processed" },
    typed: [
      ...["memories", "--connector-id", "one", "--near", "38.71,-9.14"],
      ...["--radius-km", "20", "--status", "processed"],
    ],
  },
  "memory.timeline": {
    input: { ...one, by: "month", timezone: "Asia/Kolkata" },
    typed: ["timeline", "--connector-id", "one", "--by", "month", "--timezone", "Asia/Kolkata"],
  },
  "memory.places": {
    input: { ...one, size: "1" },
    typed: ["places", "--connector-id", "one", "--size", "1"],
  },
  "memory.erase": {
    input: { ...one, contextId: "CTX", memoryId: "kayak" },
    typed: ["erase", "--connector-id", "one", "--context", "CTX", "--memory", "kayak", "--yes"],
  },
  "memory.allow-again": {
    input: { ...one, contextId: "CTX", memoryId: "kayak" },
    typed: ["erase", "--connector-id", "one", "--context", "CTX", "--memory", "kayak", "--undo"],
  },
  "alert.list": { typed: ["alerts", "list", "--all"] },
  "alert.test": { input: { channelId: "ops" }, typed: ["alerts", "test", "ops"] },
  "key.list": { typed: ["keys", "list"] },
  "key.create": {
    input: { name: "grafana", role: "viewer" },
    typed: ["keys", "create", "--name", "grafana"],
  },
  "key.rotate": {
    input: { keyId: keyOfTheWorld, graceHours: 1 },
    typed: ["keys", "rotate", keyOfTheWorld, "--grace-hours", "1"],
  },
  "key.revoke": { input: { keyId: keyOfTheWorld }, typed: ["keys", "revoke", keyOfTheWorld] },
  "secrets.status": { typed: ["secrets", "status"] },
  "backfill.request": {
    input: { ...one, since: "2000-01-01T00:00:00Z", later: true },
    typed: ["backfill", "--connector-id", "one", "--since", "2000-01-01", "--later"],
    part: ({ backfills: [{ runs: _, ...asked }] }) => ({ ...asked, runId: null }),
  },
  "backfill.get": {
    input: one,
    typed: ["backfill", "--connector-id", "one", "--show"],
    before: ["backfill", "--connector-id", "one", "--since", "2000-01-01", "--later"],
    part: ({ backfills: [asked] }) => asked,
  },
  "backfill.cancel": {
    input: one,
    typed: ["backfill", "--connector-id", "one", "--cancel"],
    before: ["backfill", "--connector-id", "one", "--since", "2000-01-01", "--later"],
    part: ({ backfills: [cancelled] }) => cancelled,
  },
  "reconciliation.get": {
    input: one,
    typed: ["reconcile", "--connector-id", "one", "--last"],
    before: ["reconcile", "--connector-id", "one"],
    part: ({ reconciliations: [last] }) => last,
  },
  "service.diagnose": { input: { offline: true }, typed: ["doctor", "--offline"] },
  "state.back-up": { typed: ["backup"] },
  "connector.reset": { input: one, typed: ["reset", "one", "--yes"] },
  "connector.pause": {
    input: { ...one, note: "the model is moved" },
    typed: ["pause", "one", "--note", "the model is moved"],
    asksService: true,
  },
  "connector.resume": { input: one, typed: ["resume", "one"], asksService: true },
  "run.trigger": { input: one, typed: ["trigger", "one"], asksService: true },
  "run.cancel": { input: one, typed: ["cancel", "one"], asksService: true },
  "run.plan": {
    input: one,
    typed: ["plan", "--connector-id", "one"],
    part: (json) => json.plans[0],
  },
  "knowledge.query": {
    input: { ...one, question: "Who mends the kayak?", topK: 5, near: "38.71,-9.14", radiusKm: 20 },
    typed: [
      ...["query", "Who mends the kayak?", "--connector-id", "one", "--top-k", "5"],
      ...["--near", "38.71,-9.14", "--radius-km", "20"],
    ],
  },
  "entity.get": {
    input: { ...one, name: "Nora", limit: 1 },
    typed: ["graph", "--entity", "Nora", "--connector-id", "one", "--limit", "1"],
  },
  "memory.entities": {
    input: { ...one, contextId: "CTX", memoryId: "kayak" },
    typed: ["graph", "--memory", "kayak", "--connector-id", "one"],
  },
  "memory.document": {
    input: { ...one, contextId: "CTX", memoryId: "kayak", fromSource: false },
    typed: ["memory", "document", "kayak", "--connector-id", "one", "--no-from-source"],
  },
  "memory.chunks": {
    input: { ...one, contextId: "CTX", memoryId: "kayak" },
    typed: ["memory", "chunks", "kayak", "--connector-id", "one"],
  },
  "memory.history": {
    input: { ...one, contextId: "CTX", memoryId: "kayak" },
    typed: ["memory", "history", "kayak", "--connector-id", "one"],
  },
  "graph.summary": {
    input: { ...one, top: 5 },
    typed: ["graph", "--top", "5", "--connector-id", "one"],
  },
  "graph.export": { input: one, typed: ["graph", "--export", "json", "--connector-id", "one"] },
};

const offered = offeredOperations();
/** Answered by a file: `archives-at-both-doors.test.ts` and `media-of-a-memory.test.ts` compare those. */
const isDownload = ({ offers }: Route): boolean => offers?.endpoint.download !== undefined;
const both = [...offered.values()].filter(
  ({ commands, routes }) => commands.length > 0 && routes.length > 0 && !routes.some(isDownload),
);

/** A folder as it is after a run over two memories, and the id of a key that was made there. */
async function afterOneRun(): Promise<{ folder: string; keyId: string }> {
  const world = await makeWorld(0);
  const [first, second] = makeApiMemories(2, Date.UTC(2024, 4, 1, 10));
  world.memoryApi.put(
    "CTX",
    { ...first!, id: "kayak", transcript: "Ivan: Nora, will Zoë mend the old kayak in Lisbon?" },
    { ...second!, id: "museum", transcript: "Nora: Zoë works for the Harbour Museum in Lisbon." },
  );
  world.configure(
    `connectors:
  - { id: one, context_id: CTX, schedule: { type: manual }, ingestion: { query_range: all } }
  - { id: apps, context_id: APPS, source: { type: push } }`,
    { lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }" },
  );
  const { folder } = world;
  writeFileSync(join(folder, "sent.json"), JSON.stringify(sent));
  expect(await runCli(["sync", "--all"], { cwd: folder })).toMatchObject({ code: 0 });
  const { out } = await runCli(["keys", "create", "--name", "ops", "--json"], { cwd: folder });
  return { folder, keyId: JSON.parse(out).id };
}

async function endings(route: Route, { typed: words, input: given = {}, ...rest }: Case) {
  const { part = (json: unknown) => json, asksService, before } = rest;
  const { folder, keyId } = await afterOneRun();
  const [typed, input] = JSON.parse(JSON.stringify([words, given]).replaceAll(keyOfTheWorld, keyId));
  if (before !== undefined) expect(await runCli(before, { cwd: folder })).toMatchObject({ code: 0 });
  const [forCommand, forRoute] = [copyOf(folder), copyOf(folder)];
  const command = async () => {
    const ending = await askCommand(forCommand, typed);
    const said = "answer" in ending ? { answer: inRequestWords(part(ending.answer)) } : ending;
    return withoutWhatMoves(said as typeof ending, forCommand);
  };
  const askedAt = async (url: string) =>
    withoutWhatMoves(await askCommand(forCommand, [...typed, "--url", url, "--key", adminKey]), forCommand);
  return {
    typed: asksService ? await withService(forCommand, askedAt) : await command(),
    asked: await withService(forRoute, async (url) =>
      withoutWhatMoves(await askRoute(url, route, input), forRoute),
    ),
  };
}

test("every operation has both doors, or a reason why it has one", async () => {
  const files = globSync("*/*.ts", { cwd: operationFiles }).filter((file) => !file.endsWith(".test.ts"));
  const modules = await Promise.all(files.map((file) => import(join(operationFiles, file))));
  const known = modules
    .flatMap((module) => Object.values(module))
    .filter((each) => typeof (each as OperationDescription)?.summary === "string");
  const names = known.map((each) => (each as OperationDescription).name).toSorted();
  expect(new Set(names).size).toBe(names.length);
  expect([...offered.keys()].toSorted()).toEqual(names);
  const downloads = [...offered.values()].filter(({ routes }) => routes.some(isDownload));
  expect(downloads.map(({ operation, commands }) => [operation.name, commands])).toEqual([
    ["memory.media", ["memory media"]],
    ["state.export", ["export"]],
  ]);
  const single = names.filter(
    (name) => ![...both, ...downloads].some(({ operation }) => operation.name === name),
  );
  expect(single).toEqual(Object.keys(oneDoor).toSorted());
  expect(Object.keys(cases).toSorted()).toEqual(both.map(({ operation }) => operation.name).toSorted());
});

describe.each(both)("$operation.name", ({ operation, routes: [route] }) => {
  const asked = cases[operation.name] as Case;

  test("answers the same at both doors", async () => {
    const { typed, asked: answered } = await endings(route as Route, asked);
    expect(typed).toEqual(answered);
  });
});

describe.each(both.filter(({ operation }) => takesConnector(operation)))(
  "$operation.name",
  ({ operation, routes: [route] }) => {
    const asked = cases[operation.name] as Case;

    test("refuses an unknown connector in the same words", async () => {
      const unknown = {
        ...asked,
        input: { ...asked.input, connectorId: "nobody" },
        typed: asked.typed.map((word) => (word === asked.input?.connectorId ? "nobody" : word)),
      };
      const { typed, asked: refused } = await endings(route as Route, unknown);
      expect(typed).toEqual(refused);
      expect(typed).toMatchObject({ code: "CONNECTOR_UNKNOWN", subject: "nobody" });
    });
  },
);
