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

browserTest(
  "no secret that is typed is in the text of the page, and each is hidden until it is to be seen",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/new-connector");
    await page.getByLabel("id", { exact: true }).fill("harbour");
    await page.getByLabel("context_id", { exact: true }).fill("HARBOUR");
    await page.locator("[id='source']").fill('{"type": "push", "signing_secret": "a-secret-within-json-1"}');
    await page.locator("summary", { hasText: "webhook" }).click();
    const secret = page.locator("[id='webhook.signing_secret']");
    await secret.fill("a-secret-of-a-webhook-2");
    expect(await secret.getAttribute("type")).toBe("password");
    await page.getByRole("button", { name: "See what changes" }).click();
    const plan = page.getByRole("region", { name: "Plan: make the connector" });
    await plan.getByText("source.signing_secret").waitFor();
    expect(await plan.innerText()).toMatch(/source\.signing_secret\s+\*\*\*/iu);
    expect(await page.locator("body").innerText()).not.toMatch(/a-secret-/u);
    await page.getByRole("button", { name: "Show webhook.signing_secret" }).click();
    expect(await secret.getAttribute("type")).toBe("text");
    expect(await secret.inputValue()).toBe("a-secret-of-a-webhook-2");
  },
);

browserTest("what the form finds wrong comes first, counted, and the service is not asked", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/new-connector");
  const asked: string[] = [];
  page.on("request", (request) => request.method() === "POST" && asked.push(request.url()));
  const source = page.locator("[id='source']");
  expect(await source.getAttribute("placeholder")).toMatch(/JSON, such as \{"type":.*type is one of .*push/u);
  await source.fill("type: push");
  await page.getByRole("button", { name: "See what changes" }).click();
  await page.getByText("2 fields are to be mended first: id, source.").waitFor();
  await page.locator("[id='id']:focus").waitFor();
  await page.getByLabel("id", { exact: true }).fill("harbour");
  await page.getByRole("button", { name: "See what changes" }).click();
  await page.getByText("1 field is to be mended first: source.").waitFor();
  await page.locator("[id='source']:focus").waitFor();
  expect(asked).toEqual([]);
  await page.getByLabel("context_id", { exact: true }).fill("HARBOUR");
  await source.fill('{"type": "push"}');
  await page.getByRole("button", { name: "See what changes" }).click();
  await page.getByRole("button", { name: "Make it" }).waitFor();
});
