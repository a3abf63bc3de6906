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

browserTest("sync now and watch it on one page: plan, progress with pace, proof", async () => {
  const world = await startWebWorld(200);
  const page = await openPage(world, "#/connectors/seagrass");
  await page.getByRole("heading", { level: 1, name: "seagrass: never ran." }).waitFor();
  await page.getByRole("button", { name: "Run now…" }).click();
  const plan = page.getByRole("region", { name: "Plan: run seagrass now" });
  await plan.getByText("Nothing has been sent yet.").waitFor();
  expect(world.slowLightRag.texts().size).toBe(0);
  await plan.getByRole("button", { name: "Send 24 documents" }).click();
  const live = page.getByRole("region", { name: "Run under way" });
  await live.getByText(/of 24 settled/u).waitFor();
  await live.getByText(/per min/u).waitFor();
  await pictures(page, "connector-at-work");
  await page.getByRole("heading", { level: 1, name: "seagrass: up to date." }).waitFor();
  await page.getByText("24 new, 24 proved").waitFor();
  const pace = page.getByRole("region", { name: "Pace of the last runs" });
  await pace
    .getByRole("img", { name: /^Memories proved a minute, oldest run first: [\d,.]+ at most$/u })
    .waitFor();
  await pace.getByText("The same as a table").click();
  expect(await pace.getByRole("row").last().innerText()).toMatch(/24\s+[\d,.]+\s+\d+(?:\.\d)? s/u);
  expect(await live.count()).toBe(0);
  await expectAccessible(page);
});

browserTest("documents of an older form are asked for in the plan of a run, and counted first", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/connectors/seagrass");
  await page.getByRole("button", { name: "Run now…" }).click();
  const plan = page.getByRole("region", { name: "Plan: run seagrass now" });
  const asked = (path: string) =>
    page.waitForRequest(
      (request) => request.url().endsWith(path) && request.postDataJSON()?.outdated === true,
    );
  const planned = asked("/connectors/seagrass/plan");
  await plan.getByLabel("Also documents that this version would write otherwise").check();
  await planned;
  const triggered = asked("/connectors/seagrass/trigger");
  await plan.getByRole("button", { name: "Send 24 documents" }).click();
  await triggered;
  await page.getByRole("heading", { level: 1, name: "seagrass: up to date." }).waitFor();
});

browserTest(
  "a plan says what is wrong with items of the source, before a run makes dead letters of them",
  async () => {
    const world = await startWebWorld();
    const [note] = diary("broken-");
    world.memoryApi.put("BOATYARD", { ...note!, id: "broken", created_at: "never" });
    const page = await openPage(world, "#/connectors/boatyard");
    await page.getByRole("button", { name: "Run now…" }).click();
    const wrong = page.getByRole("region", { name: "What is wrong at the source" });
    await wrong.getByText("1 item is broken and would become a dead letter").waitFor();
    expect(await wrong.getByRole("listitem").allInnerTexts()).toEqual([expect.stringMatching(/never/u)]);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Backfill…" }).click();
    await page.getByLabel("First day").fill("2025-01-01");
    await page.getByRole("button", { name: "Count what it would bring" }).click();
    await wrong.waitFor();
  },
);

browserTest("a run is stopped after its plan has said what that leaves", async () => {
  const world = await startWebWorld(2_000);
  await world.api("POST", "/connectors/seagrass/trigger");
  const page = await openPage(world, "#/connectors/seagrass");
  await page
    .getByRole("region", { name: "Run under way" })
    .getByText(/of 24 settled/u)
    .waitFor();
  await page.getByRole("button", { name: "Cancel run…" }).click();
  const plan = page.getByRole("region", { name: /^Plan: cancel run/u });
  await plan.getByText("Nothing is lost").waitFor();
  await plan.getByRole("button", { name: /^Cancel, and leave \d+ for later$/u }).click();
  await page.getByRole("heading", { level: 1, name: "seagrass: cancelled." }).waitFor();
  await page.getByText("cancelled a run").waitFor();
});

browserTest("a connector is paused and resumed, and the page says who did it", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/connectors/boatyard");
  for (const [verb, done] of [
    ["Pause", "is paused"],
    ["Resume", "is resumed"],
  ] as const) {
    await page.getByRole("button", { name: `${verb}…` }).click();
    if (verb === "Pause") await page.getByLabel(/^Why/u).fill("the model is moved");
    await page.getByRole("button", { name: `${verb} boatyard` }).click();
    await page.getByRole("status").getByText(`boatyard ${done}.`).waitFor();
    if (verb === "Pause") await page.getByText(/Since .*: The model is moved\./u).waitFor();
  }
  await page.getByText("resumed it").waitFor();
  await page.getByText("paused it: the model is moved").waitFor();
  await page.getByRole("link", { name: "Runs", exact: true }).click();
  await page.getByText("Nothing of this yet.").waitFor();
  expect(page.url()).toContain("show=runs");
});

browserTest("a backfill is counted before it is asked for, and sends what it has counted", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/connectors/boatyard");
  await page.getByRole("button", { name: "Backfill…" }).click();
  await page.getByLabel("First day").fill("2025-09-01");
  await page.getByLabel("Last day").fill("2025-09-02");
  await page.getByRole("button", { name: "Count what it would bring" }).click();
  const act = page.getByRole("button", { name: /^Backfill \d+ memories$/u });
  const [, counted] = /(\d+)/u.exec(await act.innerText()) ?? [];
  await act.click();
  await page.getByText("asked for a backfill").waitFor();
  const runs = await eventually(async () => {
    const { runs: known } = await world.api("GET", "/connectors/boatyard/history");
    return known[0]?.endedAt ? known : undefined;
  });
  expect(runs[0].counts.processed).toBeGreaterThanOrEqual(Number(counted));
});

browserTest(
  "ledger, source and LightRAG are compared, and what LightRAG has lost is repaired after it was counted",
  async () => {
    const world = await startWebWorld();
    await world.run("seagrass");
    for (const { id } of world.slowLightRag.rows()) world.slowLightRag.lose(id);
    const page = await openPage(world, "#/connectors/seagrass");
    await page.getByRole("button", { name: "Reconcile…" }).click();
    await page.getByRole("button", { name: "Compare now" }).click();
    const repair = page.getByRole("button", { name: "Repair 24 differences" });
    await repair.waitFor();
    expect(world.slowLightRag.texts().size).toBe(0);
    await repair.click();
    await eventually(() => world.slowLightRag.texts().size === 24);
  },
);

browserTest("a viewer watches a run and is offered nothing to press", async () => {
  const world = await startWebWorld(300);
  await world.api("POST", "/connectors/seagrass/trigger");
  const page = await openPage(world, "#/connectors/seagrass", { as: "viewer" });
  await page
    .getByRole("region", { name: "Run under way" })
    .getByText(/of 24 settled/u)
    .waitFor();
  expect(await page.locator("main button").count()).toBe(0);
  expect(await page.getByText("Look and change…").count()).toBe(0);
});

browserTest("a connector that is not there is said so, in one sentence with what helps", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/connectors/nobody");
  const trouble = page.getByRole("alert");
  await trouble.getByText("CONNECTOR_UNKNOWN").waitFor();
  expect(await trouble.innerText()).toMatch(/nobody/u);
});
