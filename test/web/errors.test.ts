import { expect } from "vitest";
import type { ApiMemory } from "../support/memory-api-data.ts";
import {
  browserTest,
  diary,
  expectAccessible,
  openPage,
  pictures,
  startWebWorld,
  type WebWorld,
} from "../support/web-page.ts";
import { refusalCode as code, sendRefusedSeahorses } from "./support/refused-seahorses.ts";

/** Resolves to the number of memories that are dead. */
async function withDeadLetters(world: WebWorld): Promise<number> {
  await sendRefusedSeahorses(world);
  const { errors } = await world.api("GET", "/errors");
  expect(errors.map((group: { code: string }) => group.code)).toEqual([code]);
  return errors[0].deadLetters;
}

browserTest(
  "why a memory failed is found from the cause, and all of one cause are replayed after a plan that counts them",
  async () => {
    const world = await startWebWorld();
    const dead = await withDeadLetters(world);
    expect(dead).toBeGreaterThan(1);
    const page = await openPage(world, "#/errors");
    await page.getByRole("heading", { level: 1, name: `${dead} memories wait for a person.` }).waitFor();
    await page.getByRole("link", { name: `Show ${dead} with ${code}` }).click();
    expect(page.url()).toContain(`open=${code}`);
    await page.getByRole("button", { name: "Replay all…" }).click();
    const act = page.getByRole("button", { name: `Replay ${dead} memories` });
    await act.waitFor();
    const plan = page.getByRole("region", { name: `Plan: replay all with ${code}` });
    expect(await plan.innerText()).toMatch(
      new RegExp(
        `OF\\s+seagrass \\(${dead}\\)[\\s\\S]*SENT\\s+${dead} documents, [\\d,]+ characters[\\s\\S]*ESTIMATED TOKENS\\s+[\\d,]+`,
        "iu",
      ),
    );
    await plan
      .getByText("What a model reads and writes about the texts besides is not known before.")
      .waitFor();
    await expectAccessible(page);
    await pictures(page, "errors");
    await page.getByRole("table").getByRole("link").first().click();
    await page.getByText("What to do:").waitFor();
    await page.getByText("waits for a person").waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: `All with ${code}` }).click();
    await page.getByRole("link", { name: `Show ${dead} with ${code}` }).click();
    world.slowLightRag.faults.clear();
    await page.getByRole("button", { name: "Replay all…" }).click();
    await act.click();
    await page.getByRole("status").getByText(`${dead} memories will be tried again`).waitFor();
    await page.getByRole("heading", { level: 1, name: "Nothing is wrong." }).waitFor();
    await world.run("seagrass");
    const { memories } = await world.api("GET", "/memories?connectorId=seagrass&status=processed");
    expect(memories).toHaveLength(24);
  },
);

browserTest("an error that comes appears by itself, and a viewer sees no button", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/errors", { as: "viewer" });
  await page.getByRole("heading", { level: 1, name: "Nothing is wrong." }).waitFor();
  const dead = await withDeadLetters(world);
  await page.getByRole("heading", { level: 1, name: `${dead} memories wait for a person.` }).waitFor();
  await page.getByRole("link", { name: `Show ${dead} with ${code}` }).click();
  await page.getByRole("table").waitFor();
  expect(await page.locator("main").getByRole("button").count()).toBe(0);
});

browserTest(
  "what a page of several causes shows is replayed at once, after a plan that leaves alone what has nothing to send",
  async () => {
    const world = await startWebWorld();
    const [first] = diary("seagrass-");
    world.memoryApi.put("SEAGRASS", { ...first, id: "broken", created_at: "yesterday" } as ApiMemory);
    await sendRefusedSeahorses(world);
    const { errors } = await world.api("GET", "/errors");
    const dead = errors.find((group: { code: string }) => group.code === code).deadLetters;
    const page = await openPage(world, "#/errors?connector=seagrass");
    const all = page.getByRole("region", { name: "All causes that are shown" });
    await all.getByRole("heading", { name: "All 2 causes at once" }).waitFor();
    await all.getByRole("button", { name: "Replay all…" }).click();
    await all.getByText(`seagrass (${dead})`).waitFor();
    await expectAccessible(page);
    world.slowLightRag.faults.clear();
    await all.getByRole("button", { name: `Replay ${dead} memories` }).click();
    await page.getByRole("heading", { level: 1, name: "1 memory waits for a person." }).waitFor();
    expect(await all.count()).toBe(0);
    await page.getByRole("link", { name: "Show 1 with MEMORY_MALFORMED" }).click();
    await page.getByRole("button", { name: "Replay all…" }).click();
    await page.getByText("None of them can be replayed").waitFor();
    expect(await page.getByRole("button", { name: /^Replay \d/u }).count()).toBe(0);
    await page.getByRole("table").getByRole("link").first().click();
    await page.getByText("Nothing of it could be read.").waitFor();
  },
);

browserTest("what a list of memories is kept to is replayed at once, and nothing else", async () => {
  const world = await startWebWorld();
  const dead = await withDeadLetters(world);
  const { memories } = await world.api("GET", "/memories?status=dead");
  const { connectorId, local, memoryId } = memories[0];
  const ofDay = memories.filter((each: { local: { date: string } }) => each.local.date === local.date);
  expect(ofDay.length).toBeLessThan(dead);
  const days = `connector=${connectorId}&status=dead&since=${local.date}&until=${local.date}`;
  const viewer = await openPage(world, "#/memories?status=dead", { as: "viewer" });
  await viewer.getByRole("grid", { name: "Memories" }).getByRole("row").first().waitFor();
  expect(await viewer.getByRole("button", { name: /all…$/u }).count()).toBe(0);
  const page = await openPage(world, `#/memories?${days}`);
  const shown = page.getByRole("region", { name: "All that are shown" });
  await shown.getByRole("button", { name: "Replay all…" }).click();
  const number = `${ofDay.length} ${ofDay.length === 1 ? "memory" : "memories"}`;
  await page.getByRole("region", { name: "Plan: replay all of this list" }).getByText("Sent").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: `Replay ${number}` }).click();
  await page.getByRole("status").getByText(`${number} will be tried again with the next run.`).waitFor();
  await page.getByText("No memory is of this kind").waitFor();
  const after = (await world.api("GET", "/memories?status=dead")).memories;
  expect(after.length).toBe(dead - ofDay.length);
  expect(after.map((each: { memoryId: string }) => each.memoryId)).not.toContain(memoryId);
  // All that are dead are named by that alone.
  await page.evaluate(`location.hash = "#/memories?status=dead"`);
  await shown.getByRole("button", { name: "Drop all…" }).click();
  await page.getByRole("button", { name: /^Drop \d+ memor/u }).click();
  await page.getByText("No memory is of this kind").waitFor();
});
