import { expect, test } from "vitest";
import { keyboardFaults, planFaults } from "../support/keyboard-walk.ts";
import {
  browserTest,
  expectAccessible,
  openPage,
  startWebWorld,
  type WebWorld,
  widths,
} from "../support/web-page.ts";
import { pageAddresses, pages, visit } from "./support/pages.ts";
import { refusalCode, sendRefusedSeahorses } from "./support/refused-seahorses.ts";

/** The pages with dead letters that are opened: their plans replay, drop and forget. */
async function deadLetterAddresses(world: WebWorld): Promise<string[]> {
  const { memories } = await world.api("GET", "/memories?connectorId=seagrass&status=dead&limit=1");
  const { connectorId, contextId, memoryId } = memories[0];
  return [`#/errors?open=${refusalCode}`, `#/memories/${connectorId}/${contextId}/${memoryId}`];
}

/** With trouble, a pause and dead letters to be seen. */
async function startBusyWorld(...way: Parameters<typeof startWebWorld>): Promise<WebWorld> {
  const world = await startWebWorld(...way);
  await world.run("museum");
  await sendRefusedSeahorses(world);
  await world.api("POST", "/connectors/boatyard/pause");
  return world;
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
    for (const address of await pageAddresses(world)) {
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
    for (const address of [...(await pageAddresses(world)), ...(await deadLetterAddresses(world))]) {
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
