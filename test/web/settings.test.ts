import { expect } from "vitest";
import { browserTest, expectAccessible, openPage, startWebWorld } from "../support/web-page.ts";

browserTest(
  "a connector is made and changed in a form made from the schema, each after its plan",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world);
    await page.getByRole("link", { name: "New connector" }).click();
    await page.getByLabel("id", { exact: true }).fill("harbour");
    await page.getByLabel("context_id", { exact: true }).fill("BOATYARD");
    await page.getByText("When the connector runs by itself.").click();
    await page.getByLabel("type", { exact: true }).first().selectOption("interval");
    await page.getByLabel("interval_hours").fill("often");
    await page.getByRole("button", { name: "See what changes" }).click();
    await page.getByRole("alert").getByText("schedule.interval_hours").waitFor();
    expect(await page.getByRole("alert").innerText()).not.toContain("connectors[");
    expect(await page.getByRole("button", { name: "Make it" }).count()).toBe(0);
    await page.getByLabel("interval_hours").fill("2");
    await expectAccessible(page);
    await page.getByRole("button", { name: "See what changes" }).click();
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("link", { name: "Look and change…" }).click();
    await page.getByLabel("description", { exact: true }).fill("of the harbour");
    await page.getByRole("button", { name: "See what changes" }).click();
    await page.getByRole("button", { name: "Change 1 setting" }).click();
    await page.getByRole("status").getByText("harbour is changed.").waitFor();
    await page.getByText("of the harbour").waitFor();
    const { settings } = await world.api("GET", "/connectors/harbour");
    expect(settings).toMatchObject({
      context_id: "BOATYARD",
      description: "of the harbour",
      schedule: { interval_hours: 2 },
    });
  },
);

browserTest("a change that somebody else has made meanwhile is not overwritten", async () => {
  const world = await startWebWorld();
  const made = { id: "harbour", context_id: "BOATYARD", schedule: { type: "manual" } };
  await world.api("POST", "/connectors", made);
  const page = await openPage(world, "#/connectors/harbour/settings");
  await page.getByLabel("description", { exact: true }).fill("mine");
  await page.getByRole("button", { name: "See what changes" }).click();
  const change = page.getByRole("button", { name: "Change 1 setting" });
  await change.waitFor();
  await world.api("PUT", "/connectors/harbour", { ...made, description: "theirs" });
  await change.click();
  await page.getByRole("alert").getByText("STATE_CONFLICT").waitFor();
  expect((await world.api("GET", "/connectors/harbour")).settings.description).toBe("theirs");
});

browserTest(
  "a connector of the configuration file is not changed here, and the page says where",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/connectors/nina/settings");
    await page.getByText("nina is made in the configuration file").waitFor();
    expect(await page.locator("main form").count()).toBe(0);
  },
);
