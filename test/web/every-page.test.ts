import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { keyboardFaults, planFaults } from "../support/keyboard-walk.ts";
import { eventually } from "../support/service.ts";
import {
  browserTest,
  expectAccessible,
  openPage,
  startWebWorld,
  type WebWorld,
  widths,
} from "../support/web-page.ts";

/** The router's own table, so that no page can be forgotten; by its URL, as it is typed for browsers. */
const table = new URL("../../web/shell/pages.ts", import.meta.url).href;
const { pages }: { pages: readonly { address: string }[] } = await import(table);

/** An address for each page of the router, with something on it. A page with a new parameter has to be given an example here. */
async function addressesIn(world: WebWorld): Promise<string[]> {
  const { runId } = await world.run("nina");
  const { memories } = await world.api("GET", "/memories?connectorId=nina&limit=1");
  const { connectorId, contextId, memoryId } = memories[0];
  const examples: Record<string, string> = { id: connectorId, connectorId, contextId, memoryId, runId };
  const exampleOf = (name: string) => {
    const example = examples[name];
    if (example === undefined) throw new Error(`name an example of “${name}” in this test`);
    return encodeURIComponent(example);
  };
  return pages.map(({ address }) => `#${address.replaceAll(/:(\w+)/gu, (_, name) => exampleOf(name))}`);
}

/** With trouble, a pause and a replay to be seen. */
async function startBusyWorld(...way: Parameters<typeof startWebWorld>): Promise<WebWorld> {
  const world = await startWebWorld(...way);
  await world.run("museum");
  await world.api("POST", "/connectors/boatyard/pause");
  return world;
}

/** Goes to an address and resolves once nothing is waited for on the page. */
async function visit(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
  await settled(page);
}

async function settled(page: Page): Promise<void> {
  await page.locator("main h1").waitFor();
  await eventually(async () => (await page.locator("main .waiting").count()) === 0);
}

test("no two pages stand at one address", () => {
  const shapes = pages.map(({ address }) => address.replaceAll(/:\w+/gu, ":"));
  expect(shapes).toEqual([...new Set(shapes)]);
});

browserTest(
  "no page has a serious finding of axe, in either theme, at 390 and at 1,440 pixels",
  async () => {
    const world = await startBusyWorld();
    const page = await openPage(world);
    for (const address of await addressesIn(world)) {
      await visit(page, address);
      await expectAccessible(page, address);
    }
  },
  400_000,
);

browserTest(
  "every control of every page is reached with the keyboard and shows it, and plans give the focus back",
  async () => {
    const world = await startBusyWorld();
    const page = await openPage(world);
    const faults: Record<string, string[]> = {};
    for (const address of await addressesIn(world)) {
      for (const width of Object.values(widths)) {
        await page.setViewportSize({ width, height: 900 });
        await visit(page, address);
        const found = [...(await keyboardFaults(page)), ...(await planFaults(page))];
        if (found.length > 0) faults[`${address} at ${width}`] = found;
      }
    }
    expect(faults).toEqual({});
  },
  400_000,
);
