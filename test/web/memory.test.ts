import { expect } from "vitest";
import { keyboardFaults, planFaults } from "../support/keyboard-walk.ts";
import { plainPng, silentMp3 } from "../support/media-samples.ts";
import { eventually } from "../support/service.ts";
import {
  browserTest,
  expectAccessible,
  openPage,
  pictures,
  startWebWorld,
  type WebWorld,
} from "../support/web-page.ts";

const spoken = {
  type: "record",
  created_at: "2025-09-05T10:00:00Z",
  audio: true,
  image: true,
  location_lat: 38.71,
  location_lon: -9.14,
  transcript: "Nina: Zoë mends the old kayak at the Harbour Museum in Lisbon.",
};
const awkward = "a/b?c#d %2F 😀";

/** The diary, and a memory with audio and a picture. */
async function startSpoken(id = "kayak"): Promise<WebWorld> {
  const world = await startWebWorld();
  world.memoryApi.put("NINA", { ...spoken, id });
  world.memoryApi.putMedium("NINA", id, "audio", "audio/mpeg", silentMp3(120));
  world.memoryApi.putMedium("NINA", id, "image", "image/png", plainPng(320));
  await world.run("nina");
  return world;
}

const addressOf = (id: string) => `#/memories/nina/NINA/${encodeURIComponent(id)}`;

browserTest("an entity is followed to its memories, and to what was recorded and photographed", async () => {
  const world = await startSpoken();
  const page = await openPage(world, "#/graph?entity=Harbour%20Museum&connector=nina");
  await page.getByRole("list", { name: "Memories" }).getByRole("link", { name: "kayak" }).click();
  await page.getByRole("link", { name: /mends the old kayak/u }).click();
  const audio = page.locator("audio");
  await audio.waitFor();
  await page.evaluate("document.querySelector('audio').muted = true");
  await page.evaluate("document.querySelector('audio').play()");
  await eventually(() => page.evaluate<boolean>("document.querySelector('audio').currentTime > 0.2"));
  await eventually(() =>
    page.evaluate<boolean>(
      "document.querySelector('img[alt=\"What was photographed\"]')?.naturalWidth === 320",
    ),
  );
  const history = page.getByRole("region", { name: "How it came here" });
  await history.getByText("Proved: LightRAG’s record holds it").waitFor();
  await page
    .getByRole("region", { name: "Text of the document" })
    .getByText(/ utc, .* \[[0-9a-f]{10}\]/u)
    .waitFor();
  await page.getByText("It is exactly the text whose fingerprint the ledger keeps.").waitFor();
  await page.getByRole("heading", { name: "Chunks, with what was found in each" }).click();
  await page.getByRole("heading", { name: /Chunk 1/u }).waitFor();
  await page.locator("svg.map").waitFor();
  await expectAccessible(page);
  await pictures(page, "memory");
  await history.getByRole("link", { name: "its run" }).first().click();
  await page.waitForURL(/#\/runs\//u);
});

browserTest("media of any id are shown, and what the source no longer has is said to be gone", async () => {
  const world = await startSpoken(awkward);
  const page = await openPage(world, addressOf(awkward), { as: "viewer" });
  await eventually(() =>
    page.evaluate<boolean>(
      "document.querySelector('img[alt=\"What was photographed\"]')?.naturalWidth === 320",
    ),
  );
  expect(await page.locator("main button").count()).toBe(0);
  world.memoryApi.putMedium("NINA", awkward, "image", "image/png", Buffer.from("<script>alert(1)</script>"));
  await page.reload();
  await page.getByText("MEDIA_TYPE_UNSUPPORTED").waitFor();
  expect(await page.locator("main img").count()).toBe(0);
  world.memoryApi.faultFor = ({ path }) =>
    path.endsWith("/image") ? { kind: "status", status: 404 } : undefined;
  await page.reload();
  await page.getByText("Its source has no picture of it, or not any more.").waitFor();
  world.memoryApi.faultFor = ({ path }) =>
    path.endsWith("/audio") ? { kind: "status", status: 404 } : undefined;
  await page.evaluate("document.querySelector('audio').play().catch(() => undefined)");
  await page.getByText("Its source has no audio of it, or not any more.").waitFor();
});

browserTest("nothing of a memory is HTML, and only addresses of the web can be followed", async () => {
  const world = await startWebWorld();
  const transcript =
    "<img src=x onerror=alert(1)> javascript:alert(2) https://example.org/keel. data:text/html,x <b>bold</b>";
  world.memoryApi.put("NINA", { ...spoken, audio: false, image: false, id: awkward, transcript });
  await world.run("nina");
  const page = await openPage(world, addressOf(awkward));
  const said = page.getByRole("region", { name: "What was said" });
  await said.getByText("<b>bold</b>").waitFor();
  expect(await page.locator("main img, main b >> text=bold").count()).toBe(0);
  const [link, ...others] = await said.locator("blockquote a").all();
  expect([await link?.getAttribute("href"), await link?.getAttribute("rel"), others]).toEqual([
    "https://example.org/keel",
    "noreferrer",
    [],
  ]);
});

browserTest("a memory is forgotten after a plan that names where; a viewer is offered nothing", async () => {
  const world = await startSpoken();
  const viewed = await openPage(world, addressOf("kayak"), { as: "viewer" });
  await viewed.getByRole("region", { name: "Where it stands" }).waitFor();
  expect(await viewed.getByRole("button", { name: "Forget…" }).count()).toBe(0);
  const page = await openPage(world, addressOf("kayak"));
  await page.getByRole("button", { name: "Forget…" }).waitFor();
  expect([await keyboardFaults(page), await planFaults(page)]).toEqual([[], []]);
  await page.getByRole("button", { name: "Forget…" }).click();
  await page.getByRole("heading", { name: "Plan: forget kayak" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Forget it at 1 connector" }).click();
  await page.getByText("Erased by a person").waitFor();
  await page.getByText("It was erased, and nothing is kept of it.").waitFor();
  expect(await page.getByText("Proved: LightRAG’s record holds it").count()).toBe(0);
});

browserTest("over a server the document is made again from its source when somebody wants it", async () => {
  const world = await startWebWorld();
  await world.run("seagrass");
  const [{ memoryId }] = (await world.api("GET", "/memories?connectorId=seagrass&limit=1")).memories;
  const page = await openPage(world, `#/memories/seagrass/SEAGRASS/${memoryId}`);
  await page.getByRole("button", { name: "Make it again from its source" }).click();
  await page.getByText("Made again from what its source lists now.").waitFor();
  const held = [...world.slowLightRag.texts()].find(([name]) => name.startsWith(`${memoryId}@`))?.[1] ?? "";
  const [headline = ""] = held.split("\n");
  expect(headline).toMatch(/\[[0-9a-f]{10}\]$/u);
  await page.getByRole("region", { name: "Text of the document" }).getByText(headline).waitFor();
});

browserTest("a memory that nobody knows is said so, in one sentence with what helps", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, addressOf("nobody/%2F#?"));
  await page.getByRole("alert").getByText("MEMORY_UNKNOWN").waitFor();
});
