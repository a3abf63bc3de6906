import { expect, test } from "vitest";
import { inRequestWords } from "../../src/kernel/errors/request-words.ts";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

/** What a command prints; what helps in the words of the other door. */
const typedJson = async (folder: string, ...args: string[]) => inRequestWords(await cliJson(folder, ...args));

/** A running service with two connectors, each with a dead letter that can be sent again, `m3`, and one that cannot. */
async function startBothDoors() {
  const { folder, lightrag, memoryApi, configure } = await makeWorld(0);
  for (const context of ["CTX", "OTHER"])
    memoryApi.put(context, ...makeApiMemories(5), { id: "broken", created_at: "never" });
  lightrag.model = { refuseText: "number 3" };
  const settings = "ingestion: { query_range: all }, retry: { max_attempts: 1 }";
  configure(`connectors:
  - { id: one, context_id: CTX, ${settings} }
  - { id: two, context_id: OTHER, ${settings} }`);
  const service = await startService(folder);
  const api = async (method: string, path: string, body?: unknown) =>
    (await callApi(service.url("api"), method, path, { body })).body;
  const idle = async (id: string) => (await api("GET", `/connectors/${id}/status`)).activeRun === null;
  const sync = async (...ids: string[]) => {
    for (const id of ids) await eventually(() => idle(id));
    for (const id of ids) await api("POST", `/connectors/${id}/trigger`);
    for (const id of ids) await eventually(() => idle(id));
  };
  await sync("one", "two");
  return { folder, lightrag, memoryApi, service, api, sync };
}

test("dead letters are listed, previewed and changed alike by command and by request", async () => {
  const { folder, service, api } = await startBothDoors();
  const cli = (...args: string[]) => typedJson(folder, "dead-letters", ...args);
  const listed = await api("GET", "/dead-letters?limit=100");
  expect(listed.deadLetters.map((row: Record<string, string>) => [row.connectorId, row.memoryId])).toEqual([
    ["one", "broken"],
    ["one", "m3"],
    ["two", "broken"],
    ["two", "m3"],
  ]);
  expect(await cli("list")).toEqual(listed);
  const hintsOf = ({ deadLetters }: typeof listed) =>
    deadLetters.map(({ error }: { error: { hint: string } }) => error.hint).join("\n");
  expect(hintsOf(listed)).not.toMatch(/`memory-connector |(?<![\w-])--[a-z]/u);
  expect(hintsOf(await cliJson(folder, "dead-letters", "list"))).toContain("`memory-connector ");
  expect(await cli("list", "--connector-id", "two")).toEqual(
    await api("GET", "/connectors/two/dead-letters"),
  );
  expect(await cli("list", "--code", "SINK_DOCUMENT_FAILED,SINK_BUSY")).toEqual(
    await api("GET", "/dead-letters?code=SINK_DOCUMENT_FAILED,SINK_BUSY"),
  );
  expect(await cli("show", "m3")).toEqual(await api("GET", "/memories/m3"));

  const preview = await api("POST", "/dead-letters", { action: "drop", all: true, dryRun: true });
  expect(preview).toMatchObject({
    ...{ dryRun: true, count: 4, dropped: 0 },
    codes: [
      { code: "MEMORY_MALFORMED", count: 2 },
      { code: "SINK_DOCUMENT_FAILED", count: 2 },
    ],
    memoryIds: ["broken", "m3", "broken", "m3"],
  });
  expect(await cli("drop", "--all", "--dry-run")).toEqual(preview);
  expect(await cli("list")).toEqual(listed);

  const tooMany = await api("POST", "/dead-letters", { action: "drop", all: true, atMost: 3 });
  expect(tooMany).toMatchObject({ status: 409, code: "DEAD_LETTERS_EXCEEDED" });
  const refused = await runCli(["dead-letters", "drop", "--all", "--at-most", "3"], { cwd: folder });
  expect(refused.err).toContain("DEAD_LETTERS_EXCEEDED");
  expect(await cli("list")).toEqual(listed);

  // A dead letter that has nothing to send is not counted among those that a replay would hit.
  const replay = await cli("replay", "--all", "--dry-run");
  expect(replay).toMatchObject({ count: 2, memoryIds: ["m3", "m3"], cost: { documents: 2, unknown: 0 } });
  expect(await api("POST", "/dead-letters", { action: "replay", all: true, dryRun: true })).toEqual(replay);
  const typed = await runCli(["dead-letters", "replay", "--all", "--dry-run"], { cwd: folder });
  expect(typed.out).toMatch(
    /of one {2}1\n[\s\S]*To be sent: 2 documents, [\d,]+ characters, about [\d,]+ tokens/u,
  );
  const one = { action: "drop", memoryIds: ["m3", "none"], atMost: 1 };
  const changed = await api("POST", "/connectors/one/dead-letters", one);
  expect(changed).toMatchObject({ dropped: 1, missed: [{ memoryId: "none", code: "MEMORY_UNKNOWN" }] });
  const args = ["--connector-id", "two", "--ids", "m3,none", "--at-most", "1"];
  expect(await cli("drop", ...args)).toEqual({
    ...changed,
    connectors: [{ connectorId: "two", count: 1 }],
    missed: [{ ...changed.missed[0], message: 'connector "two" knows no memory "none"' }],
  });
  await service.stop();
});

test("dead letters of all connectors come in pages that join without a gap or a double", async () => {
  const { service, api } = await startBothDoors();
  const whole = await api("GET", "/dead-letters");
  const rows: unknown[] = [];
  let after: string | null = null;
  do {
    const page = await api("GET", `/dead-letters?limit=1${after === null ? "" : `&after=${after}`}`);
    expect(page.more).toBe(page.next !== null);
    rows.push(...page.deadLetters);
    after = page.next;
  } while (after !== null);
  expect(rows).toEqual(whole.deadLetters);
  await service.stop();
});

test("what is wrong is grouped by its code alike by command and by request", async () => {
  const { folder, service, api } = await startBothDoors();
  const whole = await api("GET", "/errors");
  const { errors } = whole;
  expect(errors).toMatchObject([
    { code: "MEMORY_MALFORMED", count: 2, deadLetters: 2, failures: 0, connectors: ["one", "two"] },
    { code: "SINK_DOCUMENT_FAILED", count: 2, examples: [{ memoryId: "m3" }, { memoryId: "m3" }] },
  ]);
  for (const { firstAt, lastAt, meaning, remedy } of errors) {
    expect(firstAt <= lastAt).toBe(true);
    expect([meaning, remedy]).not.toContain("");
  }
  expect(await typedJson(folder, "errors")).toEqual(whole);
  expect(await typedJson(folder, "errors", "--connector-id", "two")).toEqual(
    await api("GET", "/errors?connectorId=two"),
  );
  await service.stop();
});

test("memories are listed by time, status and connector alike by command and by request, in pages that join", async () => {
  const { folder, service, api } = await startBothDoors();
  const whole = await api("GET", "/memories");
  expect(await typedJson(folder, "memories")).toEqual(whole);
  expect(whole.memories).toHaveLength(12);
  const times = whole.memories.flatMap(({ recordedAt }: { recordedAt: string | null }) => recordedAt ?? []);
  expect(times).toEqual(times.toSorted().toReversed());

  const rows: unknown[] = [];
  let after: string | null = null;
  do {
    const page = await api("GET", `/memories?limit=1${after === null ? "" : `&after=${after}`}`);
    rows.push(...page.memories);
    after = page.next;
  } while (after !== null);
  expect(rows).toEqual(whole.memories);

  const [since, until] = [times.at(-3), times.at(2)];
  const span = await api("GET", `/memories?since=${since}&until=${until}&status=processed`);
  expect(span.memories).toEqual(
    whole.memories.filter(
      ({ recordedAt, status }: Record<string, string>) =>
        recordedAt! >= since && recordedAt! <= until && status === "processed",
    ),
  );
  expect(span.memories.length).toBeGreaterThan(0);
  const args = ["--since", since, "--until", until, "--status", "processed"];
  expect(await typedJson(folder, "memories", ...args)).toEqual(span);
  await service.stop();
});

test("a memory is erased, and the erasure taken back, alike by command and by request, and the log has both", async () => {
  const { folder, service, api, sync } = await startBothDoors();
  const path = "/connectors/one/memories/CTX/m1";
  const preview = await api("POST", `${path}/erase`, { dryRun: true });
  expect(preview).toMatchObject({ erased: [], dryRun: true, places: [{ connectorId: "one" }], others: [] });
  const previewed = ["erase", "--memory", "m1", "--connector-id", "one", "--dry-run"];
  expect(await typedJson(folder, ...previewed)).toEqual(preview);
  expect(await api("GET", path)).toMatchObject({ status: "processed" });
  const erased = await api("POST", `${path}/erase`);
  expect(erased).toMatchObject({ erased: [{ memoryId: "m1", remaining: 0, wasKnown: true }], allowed: [] });
  const byCommand = await typedJson(folder, "erase", "--memory", "m1", "--connector-id", "two", "--yes");
  const moves = { connectorId: "", contextId: "", fileSource: "", removed: [], setAside: [] };
  expect({ ...byCommand.erased[0], ...moves }).toEqual({ ...erased.erased[0], ...moves });
  await sync("one");
  expect(await api("GET", path)).toMatchObject({ skipReason: "erased" });

  expect(await api("POST", `${path}/allow-again`)).toEqual({
    ...{ erased: [], dryRun: false, places: [], others: [] },
    allowed: [{ connectorId: "one", contextId: "CTX", memoryId: "m1" }],
  });
  const undone = await typedJson(folder, "erase", "--undo", "--memory", "m1", "--yes");
  expect(undone.allowed).toEqual([{ connectorId: "two", contextId: "OTHER", memoryId: "m1" }]);
  await sync("one");
  expect(await api("GET", path)).toMatchObject({ status: "processed" });
  expect(await api("POST", `${path}/allow-again`)).toMatchObject({ status: 404, code: "MEMORY_UNKNOWN" });
  const entries = (await api("GET", "/audit")).entries.filter(
    ({ subject }: { subject: string }) => subject === "m1",
  );
  expect(entries.map(({ action }: { action: string }) => action).toSorted()).toEqual([
    ...["memory.allow-again", "memory.allow-again"],
    ...["memory.erase", "memory.erase"],
  ]);
  await service.stop();
});
