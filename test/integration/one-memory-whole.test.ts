import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { connectHttp } from "../support/mcp-client.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

const directMode = { lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }" };
const awkwardIds = ["walk/2024?no=1#ü 😀%2F", "a b", "100%", "#", "😀"];
const at = Date.UTC(2024, 4, 1, 10);

interface Options {
  isDirect?: boolean;
  connector?: string;
  words?: readonly string[];
}

/** A service whose connector has synced memories with these words, under ids that are awkward in addresses. */
async function startSynced({ isDirect = true, connector = "", words = [] }: Options = {}) {
  const world = await makeWorld(0);
  const memories = makeApiMemories(words.length, at).map((memory, index) => ({
    ...memory,
    id: awkwardIds[index] ?? memory.id,
    transcript: words[index] ?? "",
  }));
  world.memoryApi.put("CTX", ...memories);
  const settings = `id: one, context_id: CTX, ingestion: { query_range: all }, retry: { max_attempts: 2 }${connector}`;
  world.configure(`connectors: [{ ${settings} }]`, isDirect ? directMode : {});
  const service = await startService(world.folder);
  const url = service.url("api");
  const call = async (method: string, path: string, body?: unknown) =>
    (await callApi(url, method, path, { body })).body;
  const idle = async () => (await call("GET", "/connectors/one/status")).activeRun === null;
  const sync = async () => {
    await eventually(idle);
    const { runId } = await call("POST", "/connectors/one/trigger");
    await eventually(idle);
    return runId as string;
  };
  const of = (id: string, what: string) =>
    call("GET", `/connectors/one/memories/CTX/${encodeURIComponent(id)}/${what}`);
  return { world, memories, service, url, call, sync, of, firstRun: await sync() };
}

const kayak = "Ivan: Nora, will Zoë mend the old kayak in Lisbon?";
const museum = "Nora: Zoë works for the Harbour Museum in Lisbon.";

test("the document, the chunks and the history of a memory are told alike at both doors, whatever its id is", async () => {
  const { world, memories, of } = await startSynced({ words: [kayak, museum, kayak, museum, kayak] });
  for (const { id, transcript } of memories) {
    const document = await of(id, "document");
    expect(document, id).toMatchObject({
      memoryId: id,
      origin: "lightrag",
      asSent: true,
      media: [],
      note: null,
    });
    expect(document.text).toContain(transcript);
    const chunks = await of(id, "chunks");
    expect(chunks).toMatchObject({ delivered: true, complete: true, note: null });
    expect(chunks.chunks).toMatchObject([{ order: 0, text: document.text, memoryIds: [id] }]);
    expect(chunks.chunks[0].entities.map(({ name }: { name: string }) => name)).toContain("Zoë");
    expect(chunks.chunks[0].relations.length).toBeGreaterThan(0);
    for (const what of ["document", "chunks", "history"])
      expect(await cliJson(world.folder, "memory", what, id)).toEqual(await of(id, what));
  }
  expect(await of("nobody/😀", "history")).toMatchObject({
    status: 404,
    code: "MEMORY_UNKNOWN",
    subject: "nobody/😀",
  });
});

test("a long memory is told in all its chunks, in their order", async () => {
  const words = Array.from({ length: 900 }, (_, index) => `Nora met Zoë at pier ${index}.`).join(" ");
  const { memories, of } = await startSynced({ words: [words] });
  const { chunks } = await of(memories[0]!.id, "chunks");
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks.map(({ order }: { order: number }) => order)).toEqual(
    chunks.map((_: unknown, i: number) => i),
  );
});

test("each step of a memory is told with its time, its run and its reason", async () => {
  const { world, memories, of, sync, firstRun } = await startSynced({ words: [kayak], isDirect: false });
  const [memory] = memories;
  const { id } = memory!;
  world.lightrag.model = { refuseText: "canoe" };
  world.memoryApi.put("CTX", { ...memory!, transcript: "Nora: the canoe is mended." });
  const second = await sync();
  await eventually(async () => {
    const { steps } = await of(id, "history");
    return steps.some(({ step }: { step: string }) => step === "failed" || step === "dead");
  });
  const told = await of(id, "history");
  const shown = told.steps.map(({ step, code }: Record<string, string>) =>
    code === null ? step : `${step} ${code}`,
  );
  expect(shown.slice(0, 6)).toEqual(["seen", "submitted", "processed", "changed", "removed", "submitted"]);
  expect(shown[6]).toMatch(/^(failed|dead|replacing) ?(SINK_DOCUMENT_FAILED)?/u);
  expect(told).toMatchObject({ complete: true, evidence: null });
  const runs = told.steps.map(({ runId }: { runId: string }) => runId);
  expect(runs.slice(0, 4)).toEqual([firstRun, firstRun, firstRun, second]);
  const times = told.steps.map(({ at: time }: { at: string }) => time);
  expect(times).toEqual(times.toSorted());
});

test("what proves a delivery is told, and an erasure leaves nothing of what was before it", async () => {
  const { memories, of, call } = await startSynced({ words: [kayak] });
  const { id } = memories[0]!;
  const before = await of(id, "history");
  expect(before.evidence).toMatchObject({ documentId: /^doc-/u, contentHash: /^[0-9a-f]{64}$/u });
  await call("POST", `/connectors/one/memories/CTX/${encodeURIComponent(id)}/erase`, {});
  const { steps, evidence } = await of(id, "history");
  expect(steps.map(({ step, by }: Record<string, string>) => [step, by])).toEqual([
    ["erased", "person"],
    ["removed", "run"],
  ]);
  expect(evidence).toBe(null);
  expect(await of(id, "document")).toMatchObject({ text: null, origin: null, note: /erased/u });
});

test("over a server the document is made again from the source, which is said, and so is in what it differs", async () => {
  const { world, memories, url, of } = await startSynced({ isDirect: false, words: [kayak] });
  const { id } = memories[0]!;
  const made = await of(id, "document");
  expect(made).toMatchObject({ origin: "source", asSent: true, media: [], note: null });
  expect(made.text).toContain(kayak);
  const quiet = await of(id, "document?from_source=false");
  expect(quiet).toMatchObject({ text: null, origin: null, note: /its source may/u });
  const fetched = await (await connectHttp("2026", `${url}/mcp`)).call("fetch", {
    id: `one/CTX/${encodeURIComponent(id)}`,
  });
  expect(fetched.says.document).toMatchObject({ text: made.text, from: "source", note: null });

  world.memoryApi.put("CTX", { ...memories[0]!, transcript: "Something else." });
  expect(await of(id, "document")).toMatchObject({ origin: "source", asSent: false, note: /it differs/u });
  world.memoryApi.clear("CTX");
  expect(await of(id, "document")).toMatchObject({ text: null, note: /does not list it any more/u });
  await world.memoryApi.close();
  expect(await of(id, "document")).toMatchObject({ text: null, note: /SOURCE_UNREACHABLE/u });
});

test("of a document that notes share each note's own part is told, and its steps with those of the document", async () => {
  const { memories, of } = await startSynced({
    words: [kayak, museum],
    connector: ", transformation: { merge: day, merge_quiet: 0s }",
  });
  const [first, second] = memories;
  for (const { id, transcript } of memories) {
    const { text, ownText, origin, asSent } = await of(id, "document");
    expect([origin, asSent]).toEqual(["ledger", true]);
    expect(text).toContain(first!.transcript);
    expect(text).toContain(second!.transcript);
    expect(text).toContain(ownText);
    expect(ownText).toContain(transcript);
    expect(ownText).not.toContain(transcript === kayak ? museum : kayak);
    const { steps, evidence } = await of(id, "history");
    expect(steps.map(({ of: whose, step }: Record<string, string>) => `${whose} ${step}`)).toEqual(
      expect.arrayContaining(["memory skipped", "document processed"]),
    );
    expect(evidence).not.toBe(null);
    expect(await of(id, "chunks")).toMatchObject({
      delivered: true,
      chunks: [{ memoryIds: expect.arrayContaining([id]) }],
    });
  }
});

test("of what was never delivered both doors say so, and why, and what its source shows of it", async () => {
  const world = await makeWorld(0);
  const vault = join(world.folder, "vault");
  await mkdir(vault);
  await writeFile(join(vault, "small.md"), kayak);
  await writeFile(join(vault, "big.md"), "long ".repeat(1000));
  world.configure(
    "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all }, source: { type: folder, path: ./vault, settle: 0, max_file_bytes: 1024 } }]",
    directMode,
  );
  await cliJson(world.folder, "sync", "--connector-id", "one");
  const of = (what: string, ...more: string[]) => cliJson(world.folder, "memory", what, "big.md", ...more);
  const never =
    /^no document of it is in LightRAG: it is a dead letter: .*5000 bytes, more than 1024; its source/u;
  expect(await of("document")).toMatchObject({ text: null, note: never });
  expect((await of("document")).note).toMatch(
    /its source lists it, as what cannot be delivered: .*5000 bytes/u,
  );
  expect((await of("document", "--no-from-source")).note).toMatch(/5000 bytes.*; its source may show it$/u);
  expect(await of("chunks")).toMatchObject({ delivered: false, note: /is a dead letter: .*5000 bytes/u });
  // Mended, and not read yet: what it would be, and that it is not there.
  await writeFile(join(vault, "big.md"), museum);
  expect(await of("document")).toMatchObject({
    ...{ text: expect.stringContaining(museum), origin: "source", asSent: null },
    note: /^no document of it is in LightRAG: .*; this is made of what the source lists now$/u,
  });
  await rm(join(vault, "big.md"));
  expect((await of("document")).note).toMatch(/5000 bytes.*; its source does not list it$/u);
});
