import { expect } from "vitest";
import { PageCost } from "../support/page-cost.ts";
import { browserTest, openPage, startWebWorld } from "../support/web-page.ts";
import { pageAddresses, visit } from "./support/pages.ts";

/** One a second. */
const eventsOfAnHour = 3_600;
/**
 * What the browser notes of each request for its tools and the code that it compiles take half of it. A page that kept each event, or a
 * line about each, would grow by twice as much.
 */
const mostBytesAnEvent = 180;

browserTest(
  "an hour of events leaves the page as it was: no more memory, no more nodes, no more listeners",
  async () => {
    const world = await startWebWorld();
    const addresses = await pageAddresses(world);
    const page = await openPage(world);
    const cost = await PageCost.of(page);
    /** Runs, failures and pauses as fast as the service does them, until the page has got so many events more; then every page once. */
    const live = async (events: number) => {
      const enough = cost.events + events;
      while (cost.events < enough) {
        const runs = ["nina", "museum", "archive-1957"].map((id) => world.run(id));
        const changes = ["pause", "resume"].map((verb) => world.api("POST", `/connectors/boatyard/${verb}`));
        await Promise.all([...runs, ...changes]);
      }
      for (const address of [...addresses, "#/"]) await visit(page, address);
      return cost.held();
    };
    // What it keeps once, it may keep: its files, compiled code, the strips of the last runs.
    const warm = await live(1_000);
    const seen = cost.events;
    const after = await live(eventsOfAnHour);
    const events = cost.events - seen;
    expect(events).toBeGreaterThanOrEqual(eventsOfAnHour);
    expect((after.heapBytes - warm.heapBytes) / events).toBeLessThan(mostBytesAnEvent);
    expect(after.nodes - warm.nodes).toBeLessThan(200);
    expect(after.listeners - warm.listeners).toBeLessThan(10);
  },
  600_000,
);
