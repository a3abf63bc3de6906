import { expect } from "vitest";
import { browserTest, expectAccessible, openPage, pictures, startWebWorld } from "../support/web-page.ts";

browserTest("the overview says in its title whom it needs, and why, with the trouble first", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  await world.run("museum");
  await world.api("POST", "/connectors/boatyard/pause");
  const page = await openPage(world);
  await page.getByText("Only museum needs you.").waitFor();
  const names = await page.locator(".rows .name").allTextContents();
  expect(names[0]).toBe("museum");
  const museum = page.locator("tr", { hasText: "museum" });
  expect(await museum.innerText()).toContain("Failed");
  expect(await page.locator("tr", { hasText: "boatyard" }).innerText()).toContain("Paused");
  await expectAccessible(page);
  await pictures(page, "overview");
});

browserTest("a run that begins elsewhere is seen at work and then done, without a reload", async () => {
  const world = await startWebWorld(150);
  const page = await openPage(world);
  const row = page.locator("tr", { hasText: "seagrass" });
  await row.getByText("Never ran").waitFor();
  const run = world.run("seagrass");
  await row.getByText(/settled/u).waitFor();
  await run;
  await row.getByText("Up to date").waitFor();
  expect(await row.getByRole("img", { name: /Last 1 runs, oldest first: 1 success/u }).count()).toBe(1);
});

browserTest("a viewer sees the same rows and no button that changes anything", async () => {
  const world = await startWebWorld();
  await world.api("POST", "/connectors/boatyard/pause");
  const page = await openPage(world, "#/", { as: "viewer" });
  await page.locator("tr", { hasText: "boatyard" }).getByText("Paused").waitFor();
  expect(await page.getByRole("button").allInnerTexts()).not.toContain(expect.stringContaining("Resume"));
  expect(await page.locator("main button").count()).toBe(0);
});
