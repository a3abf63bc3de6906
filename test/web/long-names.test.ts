import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browserTest, openPage, startWebWorld } from "../support/web-page.ts";
import { visit } from "./support/pages.ts";

const long = "d".repeat(194);
const link = `https://example.org/${"a-long-way/".repeat(20)}`;

/** What is wider than the window, and which labels cover each other. */
const layoutFaults = (page: Page) =>
  page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > width
      ? [...document.querySelectorAll("main *, footer, header *")]
          .filter((each) => each.getBoundingClientRect().right > width + 1)
          .map((each) => each.outerHTML.slice(0, 120))
          .slice(-3)
      : [];
    const boxes = (selector) => [...document.querySelectorAll(selector)]
      .filter((each) => each.checkVisibility())
      .map((each) => ({ each, box: each.getBoundingClientRect() }));
    const covered = (selector) => boxes(selector).flatMap(({ each, box }, index, all) =>
      all.slice(index + 1)
        .filter(({ box: other }) => other.left < box.right - 1 && box.left < other.right - 1 && other.top < box.bottom - 1 && box.top < other.bottom - 1)
        .map(({ each: other }) => each.outerHTML.slice(0, 60) + " covers " + other.outerHTML.slice(0, 60)));
    const foot = document.querySelector(".foot").getBoundingClientRect();
    return [
      ...wide.map((each) => "wider than the page: " + each),
      ...covered(".filter .input, .filter .btn"),
      ...(foot.left < 8 ? ["the foot begins at " + foot.left] : []),
      ...[...document.querySelectorAll(".bottom a")]
        .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > width + 1)
        .map((each) => "a tab is out of sight: " + each.innerText),
      ...[...document.querySelectorAll(".bottom a")]
        .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth)
        .map((each) => "a label has no room: " + each.innerText),
    ];
  })()`) as Promise<string[]>;

browserTest(
  "ids and links of any length widen no page and no plan, and nothing covers anything, on a phone and on a desk",
  async () => {
    const world = await startWebWorld();
    const strange = { type: "note", audio: false, image: false, created_at: "2025-09-05T10:00:00Z" };
    const place = { location_lat: 38.71, location_lon: -9.14 };
    world.memoryApi.put("BOATYARD", {
      ...strange,
      ...place,
      id: long,
      transcript: `See ${link} and #${"t".repeat(90)}`,
    });
    await world.run("boatyard");
    const page = await openPage(world);
    const memory = `#/memories/boatyard/BOATYARD/${long}`;
    const faults: Record<string, string[]> = {};
    for (const width of [320, 390, 1_024, 1_280]) {
      await page.setViewportSize({ width, height: 900 });
      const look = async (what: string) => {
        const found = await layoutFaults(page);
        if (found.length > 0) faults[`${what} at ${width}`] = found;
      };
      for (const address of [
        memory,
        `#/memories?id=${long}`,
        "#/",
        "#/connectors/boatyard",
        "#/service/audit",
        "#/ask",
      ]) {
        await visit(page, address);
        await look(address);
        if (address !== memory) continue;
        await page.getByRole("button", { name: "Forget…" }).click();
        await page.getByRole("button", { name: /^Forget it at/u }).waitFor();
        await look("the plan");
        await page.keyboard.press("Escape");
      }
    }
    expect(faults).toEqual({});
  },
);

browserTest(
  "one far place is named beside the map, which shows where most are, with a way to all",
  async () => {
    const world = await startWebWorld();
    const far = { type: "note", audio: false, image: false, created_at: "2025-09-05T10:00:00Z" };
    world.memoryApi.put("NINA", {
      ...far,
      id: "far",
      transcript: "Far",
      location_lat: 35.68,
      location_lon: 139.7,
    });
    await world.run("nina");
    const page = await openPage(world, "#/places?connector=nina&size=1");
    await page.getByText(/^1 place lies beyond this map: /u).waitFor();
    const spots = () =>
      page.evaluate<number>(`(() => {
      const xs = [...document.querySelectorAll(".map circle")].map((each) => Number(each.getAttribute("cx")));
      return xs.filter((x) => x >= 0 && x <= 900).length;
    })()`);
    const near = await spots();
    await page.getByRole("link", { name: "Show all on the map" }).click();
    await page.getByRole("link", { name: "Show where most are" }).waitFor();
    expect(await spots()).toBe(near + 1);
  },
);
