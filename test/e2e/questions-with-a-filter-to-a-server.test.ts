import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { startRichWorld } from "../support/rich-world.ts";

const lisbon = { location_lat: 38.71, location_lon: -9.14 };
const berlin = { location_lat: 52.52, location_lon: 13.4 };
const item = { type: "record", audio: false, image: false };

/** A server that finds every document for every question, the memories a to e in this order. */
async function startAskedWorld(generation: "1.4" | "1.5", transformation: Record<string, unknown> = {}) {
  const world = await startRichWorld(transformation, { generation, sink: { findsAll: true } });
  const put = (id: string, transcript: string, created_at: string, where: object) =>
    world.put({ ...item, id, transcript, created_at, ...where } as never);
  put("a", "Sardines with Ines Costa.", "2025-06-10T19:00:00Z", lisbon);
  put("b", "Noodles with Ines Costa.", "2025-06-10T19:10:00Z", berlin);
  put("c", "Octopus with Rui Alves.", "2025-07-10T19:00:00Z", lisbon);
  put("d", "Pancakes with Rui Alves.", "2025-07-20T19:00:00Z", berlin);
  put("e", "Soup with Ines Costa.", "2025-06-10T19:20:00Z", berlin);
  expect(await world.sync()).toMatchObject({ outcome: "success" });
  const ask = (...args: string[]) => world.command("query", "What did we eat?", ...args);
  return { ...world, ask };
}

test.each(["1.4", "1.5"] as const)(
  "LightRAG %s cannot filter: what it finds is kept as far as it passes, and its model is shown nothing else",
  async (generation) => {
    const { ask, sink } = await startAskedWorld(generation);
    const answer = await ask("--near", "Berlin", "--person", "ines costa");
    expect(answer.chunks.map(({ memory }: { memory: { memoryId: string } }) => memory.memoryId)).toEqual([
      "b",
      "e",
    ]);
    expect(answer.answer).toEqual({ text: "It was said [1].", fileSources: ["b@CTX.md"] });
    expect(answer.sources).toMatchObject([
      { memoryId: "b", connectorId: "c", contextId: "CTX", page: "memories/c/CTX/b" },
    ]);
    expect(answer.entities).toMatchObject([{ name: "Someone", descriptions: [], memoryIds: ["b", "e"] }]);
    expect(answer.note).toContain("LightRAG cannot restrict its search to a filter");
    expect(answer.note).toContain("gave 5 chunks");
    expect(sink.questions).toMatchObject([{ mode: "bypass" }]);
    const shown = String(sink.questions[0]?.query);
    expect(shown).toContain("Noodles");
    expect(shown).toContain("Question: What did we eat?");
    expect(shown).not.toMatch(/Sardines|Octopus|Pancakes/u);
  },
);

test("how many are wanted is counted after the filter, not before", async () => {
  const { ask } = await startAskedWorld("1.5");
  const { chunks } = await ask("--top-k", "1", "--since", "2025-07-15");
  expect(chunks.map(({ memory }: { memory: { memoryId: string } }) => memory.memoryId)).toEqual(["d"]);
});

test("where LightRAG gives nothing that passes, nothing is answered, and the answer says why", async () => {
  const { ask, sink, put } = await startAskedWorld("1.5");
  const late = { ...item, id: "z", transcript: "x", created_at: "2026-01-01T00:00:00Z", ...berlin };
  sink.options.findsAll = false;
  put(late as never);
  const answer = await ask("--person", "Rui Alves");
  expect(answer).toMatchObject({ answer: null, sources: [], chunks: [], entities: [] });
  expect(answer.note).toContain("None is of a memory that passes, though the ledger knows some");
  expect(sink.questions).toEqual([]);
});

test("where no memory passes LightRAG is not asked", async () => {
  const { ask, sink, folder } = await startAskedWorld("1.5");
  const before = sink.requests["POST /query/data"];
  const answer = await ask("--until", "1999-12-31");
  expect(answer.note).toMatch(/^No memory .* LightRAG was not asked\.$/u);
  expect(sink.requests["POST /query/data"]).toBe(before);
  const shown = await runCli(["query", "What?", "--until", "1999-12-31"], { cwd: folder });
  expect(shown.out).toContain("Nothing was found for: What?\n\nNo memory was recorded up to 1999-12-31.");
});

test("of a document that several notes share only those that pass are shown, to people and to the model", async () => {
  const { ask, sink } = await startAskedWorld("1.5", {
    merge: "day",
    merge_quiet: "0s",
    merge_max_characters: 100,
  });
  const together = await ask();
  const shared = together.chunks.find(
    ({ memory }: { memory: { memoryIds: string[] } }) => memory.memoryIds.length > 1,
  );
  expect(shared?.memory.memoryIds).toEqual(["b", "e"]);
  const { chunks, sources, entities } = await ask("--since", "2025-06-10T19:15:00Z", "--until", "2025-06-30");
  expect(chunks).toHaveLength(1);
  expect(chunks[0].text).toContain("Soup");
  expect(chunks[0].text).not.toContain("Noodles");
  expect(chunks[0].memory.memoryIds).toEqual(["e"]);
  expect(sources).toMatchObject([{ memoryId: "e", snippet: "Soup with Ines Costa." }]);
  expect(entities).toMatchObject([{ descriptions: [], memoryIds: ["e"] }]);
  expect(String(sink.questions.at(-1)?.query)).not.toContain("Noodles");
});

test("with all of them passing everything that LightRAG says of a thing is shown", async () => {
  const { ask } = await startAskedWorld("1.5");
  const { entities } = await ask("--since", "2020-01-01");
  expect(entities[0].descriptions).toHaveLength(5);
});
