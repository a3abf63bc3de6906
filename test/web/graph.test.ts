import { expect } from "vitest";
import { browserTest, expectAccessible, openPage, pictures, startWebWorld } from "../support/web-page.ts";

browserTest(
  "an entity is found, shown with its neighbours, expanded and hidden, and leads to its memories",
  async () => {
    const world = await startWebWorld();
    await world.run("nina");
    const { top } = await world.api("GET", "/graph?connectorId=nina&top=1");
    const [{ name }] = top;
    const page = await openPage(world, "#/graph?connector=nina", { as: "viewer" });
    await page.getByLabel("A part of a name").fill(name);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("list", { name: "Entities found" }).getByRole("link", { name, exact: true }).click();
    const neighbours = page.getByRole("region", { name: "Neighbours" });
    await neighbours
      .getByRole("link", { name: /^Expand / })
      .first()
      .click();
    await page.waitForURL(/entity=.+&entity=/u);
    await neighbours
      .getByRole("link", { name: /^Hide / })
      .last()
      .click();
    await neighbours.getByRole("link", { name: "Show 1 hidden entity again" }).waitFor();
    expect(await page.locator(".graph circle").count()).toBeGreaterThan(1);
    await expectAccessible(page);
    await pictures(page, "graph");
    await page.getByRole("list", { name: "Memories" }).getByRole("link").first().click();
    await page.waitForURL(/#\/memories\?id=.+/u);
  },
);
