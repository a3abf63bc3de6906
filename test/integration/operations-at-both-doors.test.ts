import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

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
  const cli = (...args: string[]) => cliJson(folder, "dead-letters", ...args);
  const listed = await api("GET", "/dead-letters?limit=100");
  expect(listed.deadLetters.map((row: Record<string, string>) => [row.connectorId, row.memoryId])).toEqual([
    ["one", "broken"],
    ["one", "m3"],
    ["two", "broken"],
    ["two", "m3"],
  ]);
  expect(await cli("list")).toEqual(listed);
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
  expect(await cli("replay", "--all", "--dry-run")).toMatchObject({ count: 2, memoryIds: ["m3", "m3"] });
  const one = { action: "drop", memoryIds: ["m3", "none"], atMost: 1 };
  const changed = await api("POST", "/connectors/one/dead-letters", one);
  expect(changed).toMatchObject({ dropped: 1, missed: [{ memoryId: "none", code: "MEMORY_UNKNOWN" }] });
  const args = ["--connector-id", "two", "--ids", "m3,none", "--at-most", "1"];
  expect(await cli("drop", ...args)).toEqual({
    ...changed,
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
