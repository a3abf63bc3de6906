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
  await page.getByRole("heading", { level: 1, name: /^Most were recorded near / }).waitFor();
  expect(await page.locator(".map circle").count()).toBeGreaterThan(0);
  await expectAccessible(page);
  await pictures(page, "places");
  await page.getByRole("list", { name: "Places" }).getByRole("link").first().click();
  await page.waitForURL(/#\/memories\?connector=nina&area=.+/u);
});

browserTest("without a memory, the timeline and the map say why they are empty", async () => {
  const world = await startWebWorld();
  for (const address of ["#/timeline", "#/places"]) {
    const page = await openPage(world, address);
    await page.getByText("once a run has read them").waitFor();
  }
});
