import { expect } from "vitest";
import { makeApiMemories } from "../support/memory-api-data.ts";
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

browserTest("an entity of many memories shows all of them, page by page", async () => {
  const world = await startWebWorld();
  const many = makeApiMemories(230, Date.UTC(2026, 0, 1)).map((memory, number) => ({
    ...memory,
    id: `many-${number}`,
    transcript: `Nora: I met Jonas Weber at the harbour, for the ${number + 1}th time.`,
  }));
  world.memoryApi.put("ARCHIVE", ...many);
  await world.run("archive-1957");
  const page = await openPage(world, "#/graph?connector=archive-1957&entity=Jonas%20Weber", { as: "viewer" });
  const details = page.getByRole("region", { name: "Details" });
  const memories = details.getByRole("list", { name: "Memories" }).getByRole("link");
  for (const [shown, heading] of [
    [100, "More than 100 memories"],
    [200, "More than 200 memories"],
    [230, "230 memories"],
  ] as const) {
    await details.getByRole("heading", { name: heading, exact: true }).waitFor();
    expect(await memories.count()).toBe(shown);
    const more = details.getByRole("button", { name: "Show more" });
    expect(await more.count()).toBe(shown === 230 ? 0 : 1);
    if (shown < 230) await more.click();
  }
  expect(new Set(await memories.allInnerTexts()).size).toBe(230);
});
