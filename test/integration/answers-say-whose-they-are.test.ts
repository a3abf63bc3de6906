import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { cliJson, makeWorld } from "../support/service.ts";

/** `one` has delivered a memory to a folder that it shares with `wrong`, whose runs all fail, and `new`, which never ran; `apart` has its own. */
async function startShared() {
  const { folder, memoryApi, configure } = await makeWorld(0);
  const [memory] = makeApiMemories(1, Date.UTC(2024, 4, 1, 10));
  memoryApi.put("CTX", {
    ...memory!,
    id: "kayak",
    transcript: "Ivan: Nora, will Zoë mend the kayak in Lisbon?",
  });
  configure(
    [
      "connectors:",
      "  - { id: one, context_id: CTX, ingestion: { query_range: all } }",
      "  - { id: wrong, context_id: CTX, memory_api: { api_key: nonsense } }",
      "  - { id: new, context_id: NEW }",
      "  - { id: apart, context_id: APART, lightrag: { direct: { working_dir: ./apart } } }",
    ].join("\n"),
    { lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }" },
  );
  await cliJson(folder, "sync", "--connector-id", "one");
  await cliJson(folder, "sync", "--connector-id", "wrong");
  memoryApi.put("APART");
  await cliJson(folder, "sync", "--connector-id", "apart");
  const json = (...args: string[]) => cliJson(folder, ...args);
  const text = async (...args: string[]) => {
    const { out, err } = await runCli(args, { cwd: folder });
    return out + err;
  };
  return { json, text };
}

test("an answer says whose the graph is, and one without findings says why there are none", async () => {
  const { json, text } = await startShared();

  // What another connector delivered to the same folder is told as that.
  const found = await json("query", "kayak", "--connector-id", "wrong");
  expect(found.chunks.length).toBeGreaterThan(0);
  const foreign =
    /^Nothing of wrong is in this graph: all in it is of other memories\. .*lightrag.* is shared with one, new\.$/u;
  expect(found).toMatchObject({ sharedWith: ["one", "new"], note: foreign });
  expect(await json("graph", "--connector-id", "wrong")).toMatchObject({
    ...{ sharedWith: ["one", "new"], note: foreign },
  });
  expect(await json("graph", "--connector-id", "wrong", "--entity", "Zoë")).toMatchObject({ note: foreign });
  expect(await text("graph", "--connector-id", "wrong")).toContain("Nothing of wrong is in this graph");
  expect(await json("query", "kayak", "--connector-id", "one")).toMatchObject({
    note: /^What is found may be of memories of other connectors: .* is shared with wrong, new\.$/u,
  });
  expect(await json("query", "kayak")).toMatchObject({ sharedWith: [], note: null });

  // Nothing found.
  const words = "Nothing in the graph bears on these words. It has 1 document of memories";
  expect(await text("query", "zzzqqq")).toContain(words);
  const apart = await json("query", "kayak", "--connector-id", "apart");
  expect(apart.note).toBe(
    "Nothing was delivered to this graph yet. apart has brought no memory: its last run read its source and found none.",
  );
  for (const blank of ["   ", "\t"])
    expect(await text("query", blank)).toContain("question: must have a word");

  // No memory at all.
  expect((await json("memories", "--connector-id", "wrong")).note).toMatch(
    /^wrong has brought no memory: its last run ended with SOURCE_[A-Z_]+: /u,
  );
  expect((await json("memories", "--connector-id", "new", "--tag", "x")).note).toMatch(
    /^new was never read/u,
  );
  expect((await json("memories", "--connector-id", "one")).note).toBe(null);
});

test("errors name a connector whose runs fail as a whole, with the error and the way to it", async () => {
  const { json, text } = await startShared();
  const { failing } = await json("errors");
  expect(failing).toEqual([
    expect.objectContaining({
      connectorId: "wrong",
      failedRuns: 1,
      code: expect.stringMatching(/^SOURCE_/u),
    }),
  ]);
  const said = await text("errors");
  expect(said).toContain("Connector wrong cannot do its work. Its last run failed");
  expect(said).toContain("memory-connector status --connector-id wrong");
  expect((await json("errors", "--code", failing[0].code)).failing).toHaveLength(1);
  for (const [option, value] of [
    ["--code", "MEMORY_MALFORMED"],
    ["--connector-id", "one"],
    ["--context", "CTX"],
  ])
    expect((await json("errors", option!, value!)).failing, option).toEqual([]);
});
