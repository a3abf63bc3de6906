import { expect } from "vitest";
import { browserTest, expectAccessible, openPage, pictures, startWebWorld } from "../support/web-page.ts";

browserTest("the timeline shows a year, and a day leads to its memories", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  const page = await openPage(world, "#/timeline", { as: "viewer" });
  await page.getByRole("heading", { level: 1, name: /^\d+ memories in \d{4}, on \d+ days\.$/u }).waitFor();
  expect(await page.locator(".heat a").count()).toBeGreaterThan(3);
  await expectAccessible(page);
  await pictures(page, "timeline");
  await page.getByRole("list", { name: "Days" }).getByRole("link").first().click();
  await page.waitForURL(/#\/memories\?since=.+&until=.+/u);
});

browserTest("the map needs no other host, and a place leads to its memories", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  const page = await openPage(world, "#/places");
  await page.getByRole("heading", { level: 1, name: / recorded near / }).waitFor();
  expect(await page.locator(".map circle").count()).toBeGreaterThan(0);
  await expectAccessible(page);
  await pictures(page, "places");
  await page.getByRole("list", { name: "Places" }).getByRole("link").first().click();
  await page.waitForURL(/#\/memories\?connector=nina&area=.+/u);
});

browserTest(
  "a day is seen on the map, where a spot leads to what was recorded there, and a list says the same",
  async () => {
    const world = await startWebWorld();
    const note = (id: string, location_lat: number | null, location_lon: number | null, more = {}) => ({
      ...{ id, transcript: `Said at ${id}`, type: "note", created_at: "2026-03-04T10:00:00Z" },
      ...{ audio: false, image: false, location_lat, location_lon, ...more },
    });
    world.memoryApi.put(
      "BOATYARD",
      note("harbour", 38.52, -8.89),
      note("quay", 38.52, -8.89),
      note("beach", 37.02, -7.93),
      note("nowhere", null, null),
      note("elsewhen", 41.15, -8.61, { created_at: "2026-03-05T10:00:00Z" }),
    );
    await world.run("boatyard");
    const page = await openPage(world, "#/timeline?connector=boatyard&month=2026-03", { as: "viewer" });
    await page.getByRole("link", { name: "Wednesday 4 March on the map" }).click();
    await page.getByRole("heading", { level: 1, name: "3 memories with a place, of 4 Mar 2026." }).waitFor();
    expect(await page.locator(".map circle title").allTextContents()).toEqual([
      expect.stringMatching(/: 1 memory$|: 2 memories$/u),
      expect.stringMatching(/: 1 memory$|: 2 memories$/u),
    ]);
    const rows = page.getByRole("grid", { name: "Memories" }).getByRole("row");
    expect((await rows.getByRole("link").allInnerTexts()).toSorted()).toEqual([
      ...["Said at beach", "Said at harbour", "Said at quay"],
    ]);
    await expectAccessible(page);
    await page.locator(".map a", { hasText: "2 memories" }).click();
    await page.getByRole("heading", { level: 1, name: "2 memories of this kind." }).waitFor();
    await page.goBack();
    await rows.getByRole("link", { name: "Said at beach" }).click();
    await page.getByRole("region", { name: "Where it stands" }).waitFor();
  },
);

browserTest("without a memory, the timeline and the map say why they are empty", async () => {
  const world = await startWebWorld();
  for (const address of ["#/timeline", "#/places"]) {
    const page = await openPage(world, address);
    await page.getByText("once a run has read them").waitFor();
  }
});

browserTest(
  "a day is that of the connector everywhere, wherever the browser is, and a date in the future does not come first",
  async () => {
    const world = await startWebWorld();
    const note = { type: "note", audio: false, image: false, location_lat: null, location_lon: null };
    world.memoryApi.put(
      "BOATYARD",
      // One day later in the browser's time zone.
      { ...note, id: "late", transcript: "Late in July", created_at: "2026-07-31T23:30:00Z" },
      { ...note, id: "mistyped", transcript: "Mistyped", created_at: "2036-01-05T10:00:00Z" },
    );
    await world.run("boatyard");
    const page = await openPage(world, "#/timeline?connector=boatyard");
    await page.getByRole("heading", { level: 1, name: / in 2026, on / }).waitFor();
    await page.getByText("Times and days are those of UTC.").waitFor();
    await page.getByRole("link", { name: "Friday 31 July", exact: true }).click();
    expect(page.url()).toMatch(/#\/memories\?connector=boatyard&since=2026-07-31&until=2026-07-31$/u);
    await page.getByRole("heading", { level: 1, name: "1 memory of this kind." }).waitFor();
    await page.getByRole("link", { name: "Until: 31 Jul 2026: remove" }).waitFor();
    await page
      .getByRole("grid", { name: "Memories" })
      .getByText(/31 Jul.*23:30|31 Jul 2026/u)
      .waitFor();
    await page.getByRole("link", { name: "Late in July" }).click();
    await page.getByRole("heading", { level: 1, name: "Recorded 31 Jul 2026, 23:30:00 (UTC)" }).waitFor();
    await page.getByRole("link", { name: "that day" }).click();
    await page.getByRole("heading", { level: 1, name: "1 memory of this kind." }).waitFor();
  },
);

browserTest("what an address says wrongly is left out, and said; places belong to the timeline", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  const page = await openPage(world, "#/timeline?year=abc&month=4&colour=red");
  await page.getByRole("heading", { level: 1, name: /^\d+ memories in \d{4}/u }).waitFor();
  expect(await page.locator(".left-out").innerText()).toBe(
    "Left out of the address: year=abc, no year such as 2025; month=4, no month such as 2025-01; colour=red, nothing that this page reads.",
  );
  await page.evaluate("location.hash = '#/places?size=7'");
  await page.getByRole("heading", { level: 1, name: / recorded near / }).waitFor();
  await page.getByText("size=7").waitFor();
  const current = page.getByRole("navigation", { name: "Pages", exact: true }).locator("[aria-current]");
  expect(await current.allInnerTexts()).toEqual(["Timeline"]);
});

browserTest(
  "days before the year 1000 are those of the calendar, in fields, addresses and on the timeline",
  async () => {
    const world = await startWebWorld();
    const note = { type: "note", audio: false, image: false, location_lat: null, location_lon: null };
    world.memoryApi.put(
      "BOATYARD",
      { ...note, id: "old", transcript: "Of the year 999", created_at: "0999-01-01T12:00:00Z" },
      { ...note, id: "older", transcript: "Of the year 50", created_at: "0050-03-15T12:00:00Z" },
    );
    await world.run("boatyard");
    const page = await openPage(world, "#/timeline?connector=boatyard&year=0999");
    await page.getByRole("heading", { level: 1, name: "1 memory in 0999, on 1 day." }).waitFor();
    expect(await page.getByRole("navigation", { name: "Years" }).innerText()).toMatch(/0999\s*0050/u);
    await page.getByRole("link", { name: "January 1", exact: true }).waitFor();
    await page.getByRole("link", { name: "Tuesday 1 January", exact: true }).click();
    expect(page.url()).toMatch(/since=0999-01-01&until=0999-01-01$/u);
    await page.getByRole("heading", { level: 1, name: "1 memory of this kind." }).waitFor();
    await page.getByRole("link", { name: "Since: 1 Jan 0999: remove" }).waitFor();
    expect(await page.getByLabel("First day").inputValue()).toBe("0999-01-01");
    await page.getByLabel("First day").fill("0050-03-15");
    await page.getByLabel("Last day").fill("0050-03-15");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("link", { name: "Of the year 50" }).click();
    await page.getByRole("heading", { level: 1, name: "Recorded 15 Mar 0050, 12:00:00 (UTC)" }).waitFor();
    await page.getByRole("link", { name: "that day" }).click();
    await page.getByRole("heading", { level: 1, name: "1 memory of this kind." }).waitFor();
  },
);

browserTest("on a phone the calendar shows the month whose days are listed below it", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  const page = await openPage(world, "#/timeline", { width: 390 });
  const list = page.getByRole("list", { name: "Days" });
  await list.waitFor();
  await list.getByRole("link").first().waitFor();
  const seen = (await page.evaluate(`(() => {
    const { left, right } = document.querySelector(".scroll-x").getBoundingClientRect();
    const days = document.querySelector("[aria-label=Days] a").innerText.split(" ").at(-1).slice(0, 3);
    const label = [...document.querySelectorAll(".heat text")].find((text) => text.textContent === days);
    const { x } = label.getBoundingClientRect();
    return { left, x, right };
  })()`)) as { left: number; x: number; right: number };
  expect(seen.x).toBeGreaterThanOrEqual(seen.left - 1);
  expect(seen.x).toBeLessThan(seen.right);
});
