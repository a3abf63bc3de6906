import { expect, test } from "vitest";
import { startDirectWorld } from "../support/direct-world.ts";
import { mp3, startMediaModelServer } from "../support/media-model-server.ts";

const recording = {
  id: "late",
  type: "record",
  audio: true,
  image: false,
  transcript: "",
  created_at: "2026-01-01T00:00:00Z",
};

test("a recording that came as a web page is waited for, and `sync --force` delivers it once it is there", async () => {
  const world = await startDirectWorld();
  const models = await startMediaModelServer();
  world.configure({
    connector: { transformation: { include_audio: true } },
    media: { transcription: { base_url: models.url, model: "hears" } },
  });
  world.source.put("CTX", recording);
  world.source.putMedium("CTX", "late", "audio", "audio/mpeg", Buffer.from("<html>Please wait</html>"));
  const first = await world.sync();
  expect(first.runs[0]).toMatchObject({
    outcome: "partial",
    waitingForMedia: 1,
    counts: { skipped: 1, processed: 0 },
  });
  expect((await world.cli("status")).out).toMatch(/behind +listed completely as of/u);
  expect(first.runs[0]?.errors.map(({ code }) => code)).toEqual(["MEDIA_TYPE_UNSUPPORTED"]);
  world.source.putMedium("CTX", "late", "audio", "audio/mpeg", mp3("Call Ana in Lisbon."));
  expect(models.calls).toEqual([]);
  expect((await world.sync("--force")).runs[0]).toMatchObject({
    outcome: "success",
    waitingForMedia: 0,
    counts: { processed: 1 },
  });
  expect((await world.cli("status")).out).toMatch(/behind +complete as of/u);
  expect((await world.cli("graph", "--memory", "late")).code).toBe(0);
});

test("`dead-letters` names what waits for a medium, and its replay has it looked at at once", async () => {
  const world = await startDirectWorld();
  const models = await startMediaModelServer();
  world.configure({
    connector: { transformation: { include_audio: true } },
    media: { transcription: { base_url: models.url, model: "hears" } },
  });
  world.source.put("CTX", { ...recording, id: "it's late" });
  await world.sync();
  const { connectorId } = (await world.sync()).runs[0]!;
  const list = await world.cli("dead-letters", "list");
  const command = `memory-connector sync --connector-id ${connectorId} --force --ids 'it'\\''s late'`;
  expect(list.out).toContain(
    `1 memory waits for audio or a picture that could not be read yet · \`${command}\``,
  );
  const replay = await world.cli("dead-letters", "replay", "--ids", "it's late");
  expect(replay).toMatchObject({ code: 0 });
  expect((await world.cli("dead-letters", "replay", "--ids", "nobody")).err).toContain("MEMORY_UNKNOWN");
  world.source.putMedium("CTX", "it's late", "audio", "audio/mpeg", mp3("Call Ana in Lisbon."));
  const { runs } = await world.sync();
  expect(runs[0]).toMatchObject({ counts: { processed: 1 } });
  expect(JSON.parse((await world.cli("dead-letters", "list", "--json")).out)).toMatchObject({
    waitingForMedia: [],
  });
});
