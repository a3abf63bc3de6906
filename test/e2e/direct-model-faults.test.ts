import { expect, test } from "vitest";
import { startDirectWorld } from "../support/direct-world.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";

const [good, bad] = makeApiMemories(2).map((memory, index) => ({
  ...memory,
  id: index === 0 ? "good" : "bad",
  transcript: index === 0 ? "Nina Ferreira met Tomas Duarte." : "Eve Adams refuses. ".repeat(60),
}));

async function startTwo() {
  const world = await startDirectWorld();
  world.source.put("CTX", good!, bad!);
  return world;
}

test("a chat model that answers one memory in prose fails that memory with a code; it is never proved, the other is", async () => {
  const world = await startTwo();
  world.model.faults = { bad: [{ of: "chat", answer: "prose", text: "Eve" }] };
  const { code, runs } = await world.sync();
  expect(code).not.toBe(0);
  expect(runs[0]).toMatchObject({ outcome: "partial", counts: { processed: 1, deadLetters: 1 } });
  expect(runs[0]?.errors[0]).toMatchObject({ code: "MODEL_ANSWER_UNREADABLE", examples: ["bad"] });
  world.model.faults = {};
  await world.cli("dead-letters", "replay", "--all");
  expect((await world.sync()).runs[0]).toMatchObject({ outcome: "success", counts: { processed: 1 } });
});

test("a text that is too long for the embedding model names the setting, which then helps", async () => {
  const world = await startTwo();
  world.model.faults = { maxWords: 100 };
  const { runs } = await world.sync();
  expect(runs[0]).toMatchObject({ counts: { processed: 1, deadLetters: 1 } });
  const list = await world.cli("dead-letters", "show", "--memory", "bad");
  const shown = list.code === 0 ? list.out : (await world.cli("dead-letters", "list", "--json")).out;
  expect(shown).toContain("maximum context length is 512 tokens");
  expect(shown).toContain("chunk_token_size");
  world.configure({ direct: { chunk_token_size: 60, chunk_overlap_token_size: 5 } });
  await world.cli("dead-letters", "replay", "--all");
  expect((await world.sync()).runs[0]).toMatchObject({ outcome: "success", counts: { processed: 1 } });
});

test("vectors of another length stop the run with a code, and no memory loses an attempt", async () => {
  const world = await startTwo();
  world.model.faults = { dimensions: 12 };
  const { code, runs } = await world.sync();
  expect(code).not.toBe(0);
  expect(runs[0]).toMatchObject({ outcome: "failed", counts: { deadLetters: 0 } });
  expect(runs[0]?.errors[0]?.code).toBe("MODEL_DIMENSION_CHANGED");
  world.model.faults = {};
  expect((await world.sync()).runs[0]).toMatchObject({ outcome: "success", counts: { processed: 2 } });
});

test("a rate limit that comes with status 200 makes deliveries rest, with the endpoint's words, and kills nothing", async () => {
  const world = await startTwo();
  world.model.faults = { bad: [{ of: "chat", answer: "quota in a good answer" }] };
  const stop = new AbortController();
  let said = "";
  const sync = world.cliWith(
    {
      signal: stop.signal,
      writeErr: (text) => {
        said += text;
        if (said.includes("rest for")) stop.abort();
      },
    },
    "sync",
  );
  await sync;
  expect(said).toContain("Rate limit exceeded: 8 requests per minute");
  const { out } = await world.cli("dead-letters", "list");
  expect(out).not.toContain("bad");
});
