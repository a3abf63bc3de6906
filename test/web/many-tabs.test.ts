import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browserTest, openPage, startWebWorld } from "../support/web-page.ts";

/** More than a browser opens connections to one host. */
const many = 8;

/** Opens the page in further tabs of the same browser, each as whatever is done to the one before leaves it. */
async function furtherTabs(first: Page, leave: (tab: Page) => Promise<unknown> = async () => undefined) {
  const tabs = [first];
  while (tabs.length < many) {
    await leave(tabs.at(-1) as Page);
    const tab = await first.context().newPage();
    tab.setDefaultTimeout(20_000);
    await tab.goto(first.url());
    await tab.locator("h1").waitFor();
    tabs.push(tab);
  }
  return tabs;
}

/** Counts the streams that the tabs open. */
function countStreams(page: Page): () => number {
  let opened = 0;
  page.context().on("request", (request) => {
    if (request.url().includes("/events")) opened += 1;
  });
  return () => opened;
}

const live = (tab: Page) => tab.locator(".live").waitFor();

const see = (tab: Page, visibility: "visible" | "hidden") =>
  tab.evaluate(`Object.defineProperty(document, "visibilityState", { value: "${visibility}", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"))`);

browserTest(
  "many tabs are all live by one stream, which another tab takes over when its own is closed",
  async () => {
    const world = await startWebWorld();
    const first = await openPage(world, "#/connectors/boatyard");
    const streams = countStreams(first);
    const tabs = await furtherTabs(first);
    for (const tab of tabs) await live(tab);
    expect(streams()).toBe(0);
    await first.close();
    await expect.poll(streams, { timeout: 20_000 }).toBe(1);
    await world.run("boatyard");
    for (const tab of tabs.slice(1)) await tab.getByText("6 new").first().waitFor();
    expect(streams()).toBe(1);
    expect(await tabs[1]?.locator(".banner").count()).toBe(0);
  },
);

browserTest(
  "without locks a hidden tab holds no stream, and knows what has happened once it is seen",
  async () => {
    const world = await startWebWorld();
    const first = await openPage(world, "#/connectors/boatyard");
    await first
      .context()
      .addInitScript('Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined })');
    await first.reload();
    await live(first);
    const tabs = await furtherTabs(first, (tab) => see(tab, "hidden"));
    await live(tabs.at(-1) as Page);
    await world.run("boatyard");
    await tabs.at(-1)?.getByText("6 new").first().waitFor();
    expect(await first.getByText("6 new").count()).toBe(0);
    await see(first, "visible");
    await first.getByText("6 new").first().waitFor();
  },
);
