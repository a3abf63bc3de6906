import { expect, test } from "vitest";
import { startGeocoderServer } from "../support/geocoder-server.ts";
import { mp3, png, startMediaModelServer } from "../support/media-model-server.ts";
import { harbour, startRichWorld } from "../support/rich-world.ts";

const silent = { ...harbour, id: "silent", transcript: "" };
const photo = { ...harbour, id: "photo", audio: false, image: true, transcript: "Look at this." };

/** With the two endpoints of the project's own that hear and see. */
async function startMediaWorld(onFailure: "wait" | "continue", media: Record<string, unknown> = {}) {
  const models = await startMediaModelServer();
  const endpoint = { base_url: models.url, api_key: "key", model: "m" };
  const block = { transcription: endpoint, vision: endpoint, on_failure: onFailure, ...media };
  const world = await startRichWorld(
    { include_audio: true, include_image: true },
    { config: { media: block } },
  );
  world.source.putMedium("CTX", "silent", "audio", "audio/mpeg", mp3("I saw Bob in the park."));
  world.source.putMedium("CTX", "photo", "image", "image/png", png("A dog on a beach.|KEEP OUT"));
  const downloads = () => world.source.requests.filter(({ path }) => /\/(audio|image)$/u.test(path)).length;
  return { ...world, models, downloads };
}

test("place, local time, people, tags and links arrive in LightRAG", async () => {
  const world = await startRichWorld({});
  world.put(harbour, { ...harbour, id: "nowhere", location_lat: null, location_lon: null });
  expect(await world.sync()).toMatchObject({ code: 0, outcome: "success", counts: { processed: 2 } });
  expect(world.sink.texts().get("harbour@CTX.md")).toMatch(
    /^voice note, thursday 18 december 2025 20:00:00 utc\+05:30, near Mumbai, Maharashtra, India \(0\.7 km\) \[[0-9a-f]{10}\]\npeople: Ana\nabout: sailing, harbour, boat\n\n/u,
  );
  expect(world.sink.texts().get("nowhere@CTX.md")).toContain("15:30:00 utc+01:00 [");
});

test("a plan names places, tells the size of the documents and asks no service", async () => {
  const geocoder = await startGeocoderServer();
  const config = { geocoder: { provider: "nominatim", url: geocoder.url, contact: "me" } };
  const world = await startRichWorld({}, { config });
  world.put(harbour);
  const { plans } = await world.command("plan");
  expect(plans[0]).toMatchObject({ new: 1, documents: 1 });
  expect(plans[0].characters).toBeGreaterThan(200);
  expect(geocoder.asked).toEqual([]);
});

test("the same configuration sends nothing again, another one writes the documents anew", async () => {
  const world = await startRichWorld({ geocoding: false });
  world.put(harbour);
  await world.sync();
  expect(await world.sync()).toMatchObject({ counts: { unchanged: 1, submitted: 0 } });
  world.transform({ geocoding: true });
  expect(await world.sync()).toMatchObject({ counts: { changed: 1, deleted: 1, processed: 1 } });
  expect(world.sink.texts().get("harbour@CTX.md")).toContain("near Mumbai");
});

test("silent audio is transcribed and pictures are described, once", async () => {
  const world = await startMediaWorld("wait");
  world.put(silent, photo);
  expect(await world.sync()).toMatchObject({ outcome: "success", counts: { processed: 2, skipped: 0 } });
  const texts = world.sink.texts();
  expect(texts.get("silent@CTX.md")).toMatch(/\npeople: Bob\nabout: park\n\nI saw Bob in the park\.$/u);
  expect(texts.get("photo@CTX.md")).toContain("Image: A dog on a beach.\nText in the image: KEEP OUT");
  expect(world.models.calls.map(({ authorization }) => authorization)).toEqual(["Bearer key", "Bearer key"]);
  expect(await world.sync()).toMatchObject({ counts: { unchanged: 2, submitted: 0 } });
  expect([world.models.calls.length, world.downloads()]).toEqual([2, 2]);
  // The same recording under another memory is downloaded and not paid for.
  world.put({ ...silent, id: "copy" });
  world.source.putMedium("CTX", "copy", "audio", "audio/mpeg", mp3("I saw Bob in the park."));
  expect(await world.sync()).toMatchObject({ counts: { processed: 1 } });
  expect([world.models.calls.length, world.downloads()]).toEqual([2, 3]);
});

test("media work under the standard strategy too", async () => {
  const world = await startMediaWorld("wait");
  world.put(silent);
  world.transform({ strategy: "standard" });
  await world.sync();
  expect(world.sink.texts().get("silent@CTX.md")).toMatch(
    / utc, [^\n]+ \[[0-9a-f]{10}\]\n\nI saw Bob in the park\.$/u,
  );
});

test("a memory whose medium cannot be read waits, is in reach however old it is, and comes when it can be read", async () => {
  const world = await startMediaWorld("wait");
  world.models.answerWith(() => ({ status: 401, body: "{}" }));
  world.put(
    { ...silent, created_at: "2020-02-02T02:02:02Z" },
    { ...harbour, created_at: new Date().toISOString() },
  );
  const first = await world.sync();
  expect(first).toMatchObject({
    outcome: "partial",
    waitingForMedia: 1,
    counts: { processed: 1, skipped: 1 },
  });
  expect(first.errors).toMatchObject([{ code: "MODEL_KEY_REFUSED" }]);
  world.lookBack("week");
  expect(await world.sync()).toMatchObject({ counts: { fetched: 2, unchanged: 2, skipped: 0 } });
  world.models.answerWith(null);
  expect(await world.sync()).toMatchObject({ counts: { fetched: 2, changed: 1, processed: 1 } });
  // Nothing waits any more: the run looks back no further than its range, once the list has been seen to grow.
  world.put({ ...harbour, id: "newer", created_at: new Date().toISOString() });
  expect(await world.sync()).toMatchObject({ counts: { fetched: 3, new: 1 } });
  expect(await world.sync()).toMatchObject({ counts: { fetched: 2, unchanged: 2 } });
});

test("a document in LightRAG stays while the new medium of its memory cannot be read", async () => {
  const world = await startMediaWorld("wait");
  world.put(photo);
  await world.sync();
  world.models.answerWith(() => ({ status: 401, body: "{}" }));
  world.put({ ...photo, transcript: "Look at that!", updated_at: "2025-12-19T00:00:00Z" });
  world.source.putMedium("CTX", "photo", "image", "image/png", png("A cat on a beach."));
  for (let run = 0; run < 2; run++) {
    expect(await world.sync()).toMatchObject({ counts: { changed: 1, skipped: 1, submitted: 0 } });
    expect(world.sink.texts().get("photo@CTX.md")).toContain("Look at this.");
  }
  world.models.answerWith(null);
  expect(await world.sync()).toMatchObject({ counts: { changed: 1, deleted: 1, processed: 1 } });
  expect(world.sink.texts().get("photo@CTX.md")).toMatch(/Look at that!\n\nImage: A cat on a beach\.$/u);
});

test("by configuration a document is written without its medium, and again when a later run has read it", async () => {
  const world = await startMediaWorld("continue");
  world.models.answerWith(() => ({ status: 401, body: "{}" }));
  world.put(photo);
  expect(await world.sync()).toMatchObject({ outcome: "success", counts: { processed: 1 } });
  expect(await world.sync()).toMatchObject({ counts: { unchanged: 1, submitted: 0 } });
  world.models.answerWith(null);
  expect(await world.sync()).toMatchObject({ counts: { changed: 1, processed: 1 } });
  expect(world.sink.texts().get("photo@CTX.md")).toContain("A dog on a beach.");
});

test("what a run may spend on media bounds it, and the rest comes with the next run", async () => {
  const world = await startMediaWorld("wait", { max_per_run: 1 });
  world.put(silent, photo);
  expect(await world.sync()).toMatchObject({
    counts: { processed: 1, skipped: 1 },
    errors: [{ code: "MEDIA_BUDGET_SPENT" }],
  });
  expect(await world.sync()).toMatchObject({ counts: { changed: 1, processed: 1 }, errors: [] });
});
