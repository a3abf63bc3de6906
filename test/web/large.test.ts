import type { Page } from "playwright-core";
import { expect } from "vitest";
import { fillGraph, fillLedger } from "../support/large-worlds.ts";
import { PageCost } from "../support/page-cost.ts";
import { browserTest, openPage, startWebWorld } from "../support/web-page.ts";

/** Processor time of the page's thread for one thing that somebody does. Twice a blink is not smooth any more. Milliseconds. */
const mostMs = 250;

/** Of all that the page holds with a hundred thousand memories known. */
const mostHeapBytes = 120e6;

/** How many memories the list knows, once it asks for no more and has drawn those that are seen. */
const atRest = `(async () => {
  const drawn = () => new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
  do await drawn();
  while (document.querySelector("main .waiting") !== null);
  await drawn();
  return Number(/[\\d,]+/.exec(document.querySelector("h1").innerText)[0].replaceAll(",", ""));
})()`;

/** How many requests of the API somebody's doing leads to. */
function countRequests(page: Page): (doing: () => Promise<unknown>) => Promise<number> {
  let count = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/v1/")) count += 1;
  });
  return async (doing) => {
    const before = count;
    await doing();
    return count - before;
  };
}

browserTest(
  "a hundred thousand memories are scrolled through to the last one, by key and by bar, at a bounded cost",
  async () => {
    const world = await startWebWorld(0, "", {
      prepare: (folder) => fillLedger(folder, "nina", 100_000),
    });
    const page = await openPage(world, "#/memories");
    const cost = await PageCost.of(page);
    const requestsOf = countRequests(page);
    const rows = page.getByRole("grid", { name: "Memories" }).getByRole("row");
    await rows.first().getByText("Number 99999").waitFor();
    const most = { ms: 0, requests: 0, rows: 0 };
    for (let known = 0, jumps = 0; known < 100_000; jumps += 1) {
      const before = known;
      // To the end of what is known, and a little of what comes then.
      const jump = async () => {
        if (jumps % 2 === 0) await page.keyboard.press("End");
        else await page.evaluate("scrollTo(0, document.body.scrollHeight)");
        return (await page.evaluate(atRest)) as number;
      };
      let requests = 0;
      const ms = await cost.taskMs(async () => {
        requests = await requestsOf(async () => {
          await expect.poll(jump, { timeout: 60_000, interval: 20 }).toBeGreaterThan(before);
        });
      });
      known = (await page.evaluate(atRest)) as number;
      most.ms = Math.max(most.ms, ms);
      most.requests = Math.max(most.requests, requests);
      most.rows = Math.max(most.rows, await rows.count());
    }
    // The last rows may turn out to be higher than they were taken for: one is not quite at the end then, and presses the key once more.
    const seesTheLast = async () => {
      await page.keyboard.press("End");
      return rows.last().getByText("Number 0:").isVisible();
    };
    await expect.poll(seesTheLast, { timeout: 60_000, interval: 200 }).toBe(true);
    await page.getByText("100,000 memories.").waitFor();
    const { heapBytes } = await cost.held();
    expect(most.ms).toBeLessThan(mostMs);
    expect(most.requests).toBeLessThanOrEqual(2);
    expect(most.rows).toBeLessThan(100);
    expect(heapBytes).toBeLessThan(mostHeapBytes);
    // What is known is not asked for again.
    const back = await requestsOf(async () => {
      await page.evaluate("scrollTo(0, 0)");
      await rows.first().getByText("Number 99999").waitFor();
      await page.evaluate("scrollTo(0, document.body.scrollHeight / 2)");
      await page
        .getByText(/^Number (49|50)\d\d\d:/u)
        .first()
        .waitFor();
    });
    expect(back).toBe(0);
  },
  600_000,
);

browserTest(
  "a graph of 50,000 entities begins with a search, and is looked at, expanded and hidden at a bounded cost",
  async () => {
    const world = await startWebWorld(0, "", {
      prepare: (folder) => fillGraph(folder, 50_000, 5_000),
    });
    const page = await openPage(world, "#/graph?connector=nina");
    const cost = await PageCost.of(page);
    const took: Record<string, number> = {};
    const measure = async (what: string, work: () => Promise<unknown>) => {
      took[what] = await cost.taskMs(work);
    };
    expect(await page.locator(".graph").count()).toBe(0);
    await page.getByLabel("A part of a name").fill("u");
    await measure("search", async () => {
      await page.getByRole("button", { name: "Search" }).click();
      await page
        .getByRole("list", { name: "Entities found" })
        .getByRole("link", { name: "Hub", exact: true })
        .waitFor();
    });
    const neighbours = page.getByRole("region", { name: "Neighbours" });
    await measure("look", async () => {
      await page.getByRole("link", { name: "Hub", exact: true }).click();
      await neighbours.getByText(/more: said less often/u).waitFor();
    });
    await measure("expand", async () => {
      await neighbours
        .getByRole("link", { name: /^Expand / })
        .first()
        .click();
      await page.waitForURL(/entity=.+&entity=/u);
      await expect.poll(() => page.locator(".graph circle").count(), { timeout: 20_000 }).toBeGreaterThan(25);
    });
    await measure("hide", async () => {
      await neighbours
        .getByRole("link", { name: /^Hide / })
        .last()
        .click();
      await neighbours.getByRole("link", { name: "Show 1 hidden entity again" }).waitFor();
    });
    const slow = Object.entries(took).filter(([, ms]) => ms > mostMs);
    expect(slow).toEqual([]);
    expect((await cost.held()).nodes).toBeLessThan(5_000);
  },
);
