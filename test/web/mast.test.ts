import { expect } from "vitest";
import { browserTest, expectAccessible, openPage, startWebWorld } from "../support/web-page.ts";
import { sendRefusedSeahorses } from "./support/refused-seahorses.ts";

browserTest(
  "the search of the mast leads to a connector by its id, and to memories by their words",
  async () => {
    const world = await startWebWorld();
    await world.run("nina");
    const page = await openPage(world);
    await page.keyboard.press("/");
    await page.keyboard.type("nina");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "nina: up to date." }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("kayak and/or paddle");
    expect(await page.getByRole("searchbox", { name: /^Search memories/u }).inputValue()).toBe(
      "kayak and/or paddle",
    );
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/memories\?text=kayak\+and%2For\+paddle/u);
    await page.keyboard.press("/");
    await page.keyboard.type("kayak");
    await page.keyboard.press("Enter");
    await page.getByText("Words: kayak").waitFor();
    await expectAccessible(page);
  },
);

browserTest("the number of dead letters stands beside Errors on every page, as it is now", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/memories");
  const errors = page
    .getByRole("navigation", { name: "Pages", exact: true })
    .getByRole("link", { name: /^Errors/u });
  await errors.waitFor();
  expect(await errors.innerText()).toBe("Errors");
  await sendRefusedSeahorses(world);
  const { memories } = await world.api("GET", "/dead-letters/count");
  expect(memories).toBeGreaterThan(1);
  await errors.getByText(`, ${memories} dead letters`).waitFor();
  await expectAccessible(page);
  await errors.click();
  await page.getByRole("link", { name: /^Show \d+ with SINK_SERVER_ERROR/u }).click();
  await page.getByRole("button", { name: "Drop all…" }).click();
  await page.getByRole("button", { name: `Drop ${memories} memories` }).click();
  await errors.getByText("dead letters").waitFor({ state: "detached" });
});

/** What a page brings late, at the end of what it shows. Pixels. */
const late = (height: number) => `(() => {
  const block = document.createElement("div");
  block.style.height = "${height}px";
  document.querySelector("main").append(block);
})()`;

browserTest(
  "what the keyboard is at stays in sight when something comes above it, unless somebody has scrolled away",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/errors");
    const foot = page.getByRole("link", { name: "API", exact: true });
    const top = async () => (await foot.boundingBox())?.y;
    await page.keyboard.press("Tab");
    await foot.focus();
    await page.evaluate(late(2_000));
    await expect.poll(top).toBeLessThan(900);
    expect(await foot.evaluate((link) => link.matches(":focus"))).toBe(true);
    // Also when it comes in the moment in which Tab leads there, before the browser has told of its scrolling.
    await page.evaluate("document.activeElement.blur()");
    await page.getByRole("button", { name: "Sign out" }).focus();
    await page.evaluate(
      `addEventListener("focusin", () => Promise.resolve().then(() => ${late(2_000)}), { once: true })`,
    );
    await page.keyboard.press("Tab");
    await expect.poll(() => foot.evaluate((link) => link.matches(":focus"))).toBe(true);
    await expect.poll(top).toBeLessThan(900);
    await page.mouse.wheel(0, -9_000);
    await expect.poll(top).toBeGreaterThan(900);
    await page.evaluate(late(500));
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    expect(await page.evaluate("scrollY")).toBe(0);
  },
);
