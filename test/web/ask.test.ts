import { expect } from "vitest";
import { browserTest, expectAccessible, openPage, pictures, startWebWorld } from "../support/web-page.ts";

browserTest("a question is answered with memories that one can follow, and has an address", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  const page = await openPage(world, "#/ask", { as: "viewer" });
  await page.getByLabel("Question", { exact: true }).last().fill("Who mends the boat?");
  await page.keyboard.press("Enter");
  const sources = page.getByRole("list", { name: "Sources" });
  await sources.getByRole("link").first().waitFor();
  expect(page.url()).toContain("#/ask?q=Who+mends+the+boat");
  const { connectors } = (await world.api("GET", "/connectors")) as {
    connectors: { id: string; timezone: string }[];
  };
  const zone = connectors.find(({ id }) => id === "nina")?.timezone ?? "none";
  expect(await sources.getByRole("listitem").first().innerText()).toContain(`(${zone})`);
  await expectAccessible(page);
  await pictures(page, "ask");
  await sources.getByRole("link").first().click();
  await page.waitForURL(/#\/memories\/nina\/NINA\/.+/u);
});

browserTest("a question within a time without memories says why nothing was found", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  const page = await openPage(world, "#/ask?q=Who+mends+the+boat%3F&since=1901-01-01&until=1901-12-31");
  await page.getByRole("heading", { name: "Nothing was found." }).waitFor();
  expect((await page.locator(".empty .soft").first().innerText()).length).toBeGreaterThan(20);
  await expectAccessible(page);
});

browserTest(
  "a question near a place that is not known says so at its field, and is asked without it",
  async () => {
    const world = await startWebWorld();
    await world.run("nina");
    const page = await openPage(world, "#/ask?q=Who%3F&near=Nowhereville&connector=nina");
    await page.locator("#ask-near[aria-invalid=true]").waitFor();
    await page.locator("#ask-near-fault").getByText("no town that is known").waitFor();
    expect(await page.locator(".left-out").innerText()).toContain("near=Nowhereville");
    expect(await page.locator("#ask-near").inputValue()).toBe("Nowhereville");
    await page.getByRole("region", { name: "Answer" }).getByRole("heading").first().waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  },
);
