import { expect } from "vitest";
import { eventually } from "../support/service.ts";
import {
  browserTest,
  diary,
  expectAccessible,
  openPage,
  pictures,
  startWebWorld,
} from "../support/web-page.ts";

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
});

browserTest("the strip shows the last runs of a connector, and the flow what is on its way", async () => {
  const world = await startWebWorld(400);
  for (const until of [44, 45, 52, 58]) {
    await world.run("nina");
    world.memoryApi.put("NINA", ...diary().slice(0, until));
  }
  await world.run("museum");
  await world.api("POST", "/connectors/boatyard/pause");
  await world.api("POST", "/connectors/seagrass/trigger");
  const page = await openPage(world);
  await page
    .locator("tr", { hasText: "nina" })
    .getByRole("img", { name: /4 success/u })
    .waitFor();
  await page
    .locator("tr", { hasText: "seagrass" })
    .getByText(/of 24 settled/u)
    .waitFor();
  const flow = page.getByRole("region", { name: "From the sources to LightRAG" });
  await flow.getByText(/\d+ \/ min/u).waitFor();
  expect(await flow.innerText()).toMatch(/connectors read[\s\S]*memories known[\s\S]*documents proved/u);
  await pictures(page, "overview");
});

browserTest("below the path of a proxy everything works, with the slash and without it", async () => {
  const world = await startWebWorld(0, "/memories");
  const page = await openPage({ ...world, url: `${world.url}/memories` });
  await page.getByRole("link", { name: "nina" }).click();
  await page.getByRole("heading", { level: 1, name: "nina: never ran." }).waitFor();
  await page.locator(".live").waitFor();
  await page.goto(`${world.url}/memories#/connectors/nina`);
  await page.getByRole("heading", { level: 1, name: "nina: never ran." }).waitFor();
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
  expect(await row.getByRole("img", { name: /^Last run: success$/u }).count()).toBe(1);
});

browserTest("a viewer sees the same rows and no button that changes anything", async () => {
  const world = await startWebWorld();
  await world.api("POST", "/connectors/boatyard/pause");
  const page = await openPage(world, "#/", { as: "viewer" });
  await page.locator("tr", { hasText: "boatyard" }).getByText("Paused").waitFor();
  expect(await page.getByRole("button").allInnerTexts()).not.toContain(expect.stringContaining("Resume"));
  expect(await page.locator("main button").count()).toBe(0);
});

browserTest(
  "all that can run are run after a plan that counts them and says which are left alone",
  async () => {
    const world = await startWebWorld();
    await world.api("POST", "/connectors/boatyard/pause");
    const page = await openPage(world);
    await page.getByRole("button", { name: "Run all now…" }).click();
    const plan = page.getByRole("region", { name: "Plan: run all connectors now" });
    await plan.getByText("1 paused").waitFor();
    await expectAccessible(page);
    expect((await world.api("GET", "/runs")).runs).toEqual([]);
    await plan.getByRole("button", { name: "Run 4 connectors" }).click();
    await page.getByText("Only museum needs you.").waitFor({ timeout: 60_000 });
    const runs = await eventually(async () => {
      const { runs: begun } = await world.api("GET", "/runs");
      return begun.length === 4 && begun;
    });
    expect(runs.map(({ connectorId }: { connectorId: string }) => connectorId).toSorted()).toEqual([
      ...["archive-1957", "museum", "nina", "seagrass"],
    ]);
  },
);

browserTest(
  "the overview asks once for all connectors, and a thousand come in pages and are found by id",
  async () => {
    const world = await startWebWorld(0, "", { others: 995 });
    const page = await openPage(world, "#/errors");
    const asked: string[] = [];
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.endsWith("/connectors")) asked.push(search);
      expect(pathname).not.toMatch(/\/(?:status|history)$/u);
    });
    await page.goto(`${world.url}/#/`);
    await page.getByText("1 to 50 of 1,000").waitFor({ timeout: 60_000 });
    expect(asked).toHaveLength(10);
    expect(await page.locator(".rows tbody tr").count()).toBe(50);
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByText("51 to 100 of 1,000").waitFor();
    expect(page.url()).toContain("page=2");
    await page.getByLabel("Only connectors whose id has").fill("more-99");
    await page.getByRole("link", { name: "more-994" }).waitFor();
    expect(page.url()).toContain("id=more-99");
    await world.api("POST", "/connectors/more-994/pause");
    await page.locator("tr", { hasText: "more-994" }).getByText("Paused").waitFor();
    expect(asked.slice(10).every((search) => search.includes("ids=more-994"))).toBe(true);
    await page.getByRole("link", { name: "At rest 1,000" }).click();
    await expectAccessible(page);
  },
);

browserTest("every number of the flow leads to the items behind it", async () => {
  const world = await startWebWorld();
  await world.run("seagrass");
  const page = await openPage(world);
  const flow = page.getByRole("region", { name: "From the sources to LightRAG" });
  await flow.getByRole("link", { name: "24 proved", exact: true }).click();
  await page.getByRole("navigation").getByText("State: proved").waitFor();
  expect(page.url()).toContain("status=processed");
});
