import { expect } from "vitest";
import { eventually } from "../support/service.ts";
import {
  browserTest,
  expectAccessible,
  openPage,
  pictures,
  startWebWorld,
  type WebWorld,
} from "../support/web-page.ts";

browserTest(
  "memories are searched, the filter is the address, and one leads to its proof and its entities",
  async () => {
    const world = await startWebWorld();
    await world.run("seagrass");
    const page = await openPage(world, "#/memories");
    await page.getByRole("heading", { level: 1, name: "24 memories." }).waitFor();
    await page.getByLabel("Words", { exact: true }).fill("seahorses");
    await page.getByLabel("State").selectOption("proved");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("heading", { level: 1, name: /of this kind\.$/u }).waitFor();
    expect(page.url()).toMatch(/#\/memories\?status=processed&text=seahorses$/u);
    await expectAccessible(page);
    await pictures(page, "memories");
    await page.getByRole("link", { name: "State: proved: remove" }).click();
    expect(page.url()).toMatch(/#\/memories\?text=seahorses$/u);
    await page.getByRole("link", { name: /seahorses today/u }).click();
    await page.getByText("LightRAG’s own record holds exactly this text").waitFor();
    await page.getByRole("heading", { name: "What the graph made of it" }).waitFor();
    await expectAccessible(page);
  },
);

browserTest(
  "memories that come appear, and in a long list they are told without moving what is read",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/memories");
    await page.getByText("There are no memories yet").waitFor();
    await page.locator(".live").waitFor();
    await world.run("boatyard");
    await page.getByRole("heading", { level: 1, name: "6 memories." }).waitFor();
    const many = Array.from({ length: 150 }, (_, index) => ({
      ...{
        id: `m${index}`,
        transcript: `Number ${index}`,
        type: "record",
        created_at: "2030-01-01T10:00:00Z",
      },
      ...{ audio: false, image: false, location_lat: null, location_lon: null },
    }));
    world.memoryApi.put("SEAGRASS", ...many);
    await world.run("seagrass");
    await page.getByText("At least 100 new:").waitFor();
    await page.getByRole("heading", { level: 1, name: "6 memories." }).waitFor();
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page
      .getByRole("link", { name: /^Number \d+$/u })
      .first()
      .waitFor();
    expect(await page.getByText("new:").count()).toBe(0);
  },
);

browserTest("words of a memory are text on every page, whatever they look like", async () => {
  const world = await startWebWorld();
  const transcript = "<img src=x onerror=document.title='taken'><b>bold</b> javascript:alert(1)";
  const strange = { id: "<script>", transcript, type: "record", created_at: "2025-09-05T10:00:00Z" };
  world.memoryApi.put("BOATYARD", {
    ...strange,
    audio: false,
    image: false,
    location_lat: null,
    location_lon: null,
  });
  await world.run("boatyard");
  const page = await openPage(world, "#/memories?connector=boatyard&text=javascript");
  await page.getByRole("link", { name: transcript }).click();
  await page.locator("blockquote").getByText(transcript).waitFor();
  expect(await page.locator("main img, main script, main blockquote b").count()).toBe(0);
});

/** A world in whose `seagrass` so many memories stand, of which the newest is `Number 0`. */
async function worldOf(memories: number): Promise<WebWorld> {
  const world = await startWebWorld();
  const many = Array.from({ length: memories }, (_, index) => ({
    ...{
      id: `m${index}`,
      transcript: `Number ${index} of many`,
      type: "record",
      created_at: new Date(Date.parse("2030-01-01T10:00:00Z") - index * 60_000).toISOString(),
    },
    ...{ audio: false, image: false, location_lat: null, location_lon: null },
  }));
  world.memoryApi.put("SEAGRASS", ...many);
  await world.run("seagrass");
  return world;
}

browserTest("a list of a thousand draws what is seen, and brings the rest while it is scrolled", async () => {
  const world = await worldOf(1_000);
  const page = await openPage(world, "#/memories");
  const rows = page.getByRole("grid", { name: "Memories" }).getByRole("row");
  await rows.first().waitFor();
  expect(await rows.count()).toBeLessThan(100);
  for (let step = 0; step < 40 && (await page.getByText("1,024 memories.").count()) === 0; step += 1) {
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    await rows.last().waitFor();
  }
  await page.getByText("1,024 memories.").waitFor();
  expect(await rows.count()).toBeLessThan(100);
});

browserTest(
  "for the keyboard a long list is one stop, gone through by arrows, pages and ends, and what follows it is reached",
  async () => {
    const page = await openPage(await worldOf(1_000), "#/memories");
    const row = (text: string) => page.getByRole("link", { name: text, exact: true });
    /** Presses a key and resolves once this link has the focus, in sight. */
    const press = async (key: string, text: string) => {
      await page.keyboard.press(key);
      await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe(text);
      const box = await page.locator(":focus").boundingBox();
      expect([key, box !== null && box.y >= 0 && box.y + box.height <= 900]).toEqual([key, true]);
    };
    await row("Number 0 of many").waitFor();
    await page.getByRole("button", { name: "Search", exact: true }).focus();
    await press("Tab", "Number 0 of many");
    await press("ArrowDown", "Number 1 of many");
    await press("PageDown", "Number 9 of many");
    await press("PageUp", "Number 1 of many");
    await press("ArrowUp", "Number 0 of many");
    await press("ArrowUp", "Number 0 of many");
    await press("End", "Number 99 of many");
    await page.getByText("This was the last row so far; more follow.").waitFor();
    await page.getByText("More than 600 memories.").waitFor();
    await press("End", "Number 599 of many");
    await page.getByText("1,024 memories.").waitFor();
    await press("Home", "Number 0 of many");
    await press("PageDown", "Number 8 of many");
    // The row that has the focus keeps it, wherever the wheel leads.
    await page.evaluate("scrollTo(0, 40_000)");
    await row("Number 420 of many").waitFor();
    await press("ArrowDown", "Number 9 of many");
    expect(await page.getByRole("row").count()).toBeLessThan(100);
    await press("Tab", "Sign out");
    await press("Shift+Tab", "Number 9 of many");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Where it stands" }).waitFor();
  },
);

browserTest(
  "what follows a list stays where the keyboard has come to it, though the list is not whole",
  async () => {
    const page = await openPage(await worldOf(1_000), "#/memories");
    await page.getByRole("link", { name: "Number 0 of many", exact: true }).focus();
    await page.keyboard.press("Tab");
    const known = await page.getByRole("heading", { level: 1 }).innerText();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Shift+Tab");
    const inSight = `(() => { const { top, bottom } = document.activeElement.getBoundingClientRect();
    return document.activeElement.textContent === "Sign out" && top >= 0 && bottom <= innerHeight; })()`;
    for (let look = 0; look < 10; look += 1) expect(await page.evaluate(inSight)).toBe(true);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe(known);
  },
);

browserTest("who comes back to a list finds it as it was, where it was", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  const page = await openPage(world, "#/memories");
  await page.getByRole("grid", { name: "Memories" }).getByRole("row").first().waitFor();
  await page.evaluate("scrollTo(0, 1500)");
  const middle = page.locator(".mem a.said").nth(15);
  await middle.scrollIntoViewIfNeeded();
  const before = await page.evaluate("scrollY");
  expect(before).toBeGreaterThan(500);
  await middle.click();
  await page.getByRole("region", { name: "Where it stands" }).waitFor();
  await page.goBack();
  await eventually(() => page.evaluate<boolean>(`Math.abs(scrollY - ${before}) < 5`));
  // So is the keyboard, also where the row was reached by it.
  const words = await page.locator(".mem a.said:focus").innerText();
  await page.keyboard.press("ArrowDown");
  const next = page.locator(".mem a.said:focus").filter({ hasNotText: words });
  const nextWords = await next.innerText();
  const scrolled = await page.evaluate("scrollY");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Where it stands" }).waitFor();
  await page.goBack();
  await page.locator(".mem a.said:focus", { hasText: nextWords }).waitFor();
  await eventually(() => page.evaluate<boolean>(`Math.abs(scrollY - ${scrolled}) < 5`));
});

browserTest("memories that are not live are found by the filter", async () => {
  const world = await startWebWorld();
  const [first, second] = ["gone", "stays"].map((id) => ({
    ...{ id, transcript: `A note that ${id}`, type: "note", created_at: "2025-09-05T10:00:00Z" },
    ...{ audio: false, image: false, location_lat: null, location_lon: null },
  }));
  world.memoryApi.put("BOATYARD", first!, second!, { ...second!, id: "broken", created_at: "never" });
  await world.run("boatyard");
  const page = await openPage(world, "#/memories?connector=boatyard");
  await page.getByLabel("State").selectOption("not live: failed, given up or gone");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("heading", { level: 1, name: "1 memory of this kind." }).waitFor();
  expect(page.url()).toContain("status=not_live");
  await page.getByRole("link", { name: "broken" }).waitFor();
  await page.getByRole("link", { name: "State: not live: remove" }).click();
  await page
    .getByRole("heading", { level: 1, name: /^[2-9]\d* memories of this kind\.$|^\d\d+ memories/u })
    .waitFor();
});

browserTest("a search for a person alone that finds nothing says why, and nothing of words", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/memories?person=Nobody", { as: "viewer" });
  const empty = page.locator(".empty");
  await empty.getByText("No memory is of this kind").waitFor();
  expect(await empty.innerText()).toMatch(
    /tags and people that the source gives[\s\S]*Remove a part of the filter/u,
  );
  expect(await empty.innerText()).not.toMatch(/keep_text|words/iu);
  await expectAccessible(page);
});

browserTest("a memory without words says that its source shows none, and no code", async () => {
  const world = await startWebWorld();
  const silent = {
    type: "record",
    created_at: "2025-09-05T10:00:00Z",
    location_lat: null,
    location_lon: null,
  };
  world.memoryApi.put("BOATYARD", { ...silent, id: "silent", transcript: "", audio: false, image: false });
  await world.run("boatyard");
  const page = await openPage(world, "#/memories/boatyard/BOATYARD/silent");
  await page.getByText("It has no words: its source shows no transcript of it.").waitFor();
  await page.getByText("Its source shows no transcript yet.").first().waitFor();
  await page
    .getByText(/^left out/iu)
    .first()
    .waitFor();
  expect(await page.locator("main").innerText()).not.toMatch(/empty_transcript|keep_text/u);
});
