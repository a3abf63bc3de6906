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
  expect(first.runs[0]).toMatchObject({ counts: { skipped: 1, processed: 0 } });
  expect(first.runs[0]?.errors.map(({ code }) => code)).toEqual(["MEDIA_TYPE_UNSUPPORTED"]);
  world.source.putMedium("CTX", "late", "audio", "audio/mpeg", mp3("Call Ana in Lisbon."));
  expect(models.calls).toEqual([]);
  expect((await world.sync("--force")).runs[0]).toMatchObject({ counts: { processed: 1 } });
  expect((await world.cli("graph", "--memory", "late")).code).toBe(0);
});
