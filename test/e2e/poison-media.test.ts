import { expect, test } from "vitest";
import { startDirectWorld } from "../support/direct-world.ts";
import { mp3, startMediaModelServer } from "../support/media-model-server.ts";

/** `poison` breaks the model, `fine` does not. One attempt is all that a medium has. */
async function startPoisoned() {
  const world = await startDirectWorld();
  const models = await startMediaModelServer();
  world.configure({
    connector: { transformation: { include_audio: true }, retry: { max_attempts: 1 } },
    media: { transcription: { base_url: models.url, model: "hears", timeout: "2s" } },
  });
  for (const id of ["poison", "fine"]) {
    const created_at = "2026-01-01T00:00:00Z";
    world.source.put("CTX", { id, type: "record", audio: true, image: false, transcript: "", created_at });
    world.source.putMedium("CTX", id, "audio", "audio/mpeg", mp3(id));
  }
  models.answerWith(({ words }) => (words === "poison" ? { status: 400, body: "{}" } : undefined));
  return { world, models };
}

test("a recording that its model cannot read is a dead letter of its own, and its memory is delivered without it", async () => {
  const { world, models } = await startPoisoned();
  expect((await world.sync()).runs[0]).toMatchObject({ counts: { processed: 2, skipped: 0 } });
  const list = JSON.parse((await world.cli("dead-letters", "list", "--json")).out);
  expect(list).toMatchObject({ deadLetters: [], waitingForMedia: [] });
  expect(list.deadMedia).toMatchObject([
    { memoryId: "poison", kind: "audio", attempts: 1, error: { code: "MODEL_REQUEST_REFUSED" } },
  ]);
  expect((await world.cli("dead-letters", "list")).out).toContain("poison");
  expect((await world.cli("status")).out).toContain("1 recording or picture");
  const asked = models.calls.length;
  await world.sync();
  expect(models.calls).toHaveLength(asked);

  models.answerWith(null);
  expect((await world.cli("dead-letters", "replay", "--all")).out).toContain("1 dead letter replayed");
  expect((await world.sync()).runs[0]).toMatchObject({ counts: { changed: 1, processed: 1 } });
  expect(JSON.parse((await world.cli("dead-letters", "list", "--json")).out).deadMedia).toEqual([]);
});

test("a medium that was dropped is listed and tried no more, until somebody asks for its memory", async () => {
  const { world, models } = await startPoisoned();
  await world.sync();
  const { code } = await world.cli("dead-letters", "drop", "--code", "MODEL_REQUEST_REFUSED");
  expect(code).toBe(0);
  expect(JSON.parse((await world.cli("dead-letters", "list", "--json")).out).deadMedia).toEqual([]);
  models.answerWith(null);
  expect((await world.sync()).runs[0]).toMatchObject({ counts: { changed: 0 } });
  expect((await world.sync("--force", "--ids", "poison")).runs[0]).toMatchObject({
    counts: { processed: 1 },
  });
});
