import type { CDPSession, Page } from "playwright-core";

/** What a page holds after its garbage was collected. */
export interface Held {
  heapBytes: number;
  nodes: number;
  listeners: number;
}

/** Measures what a page costs, as its browser counts it. */
export class PageCost {
  readonly #session: CDPSession;
  #events = 0;
  #receivedBytes = 0;

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on("Network.eventSourceMessageReceived", () => {
      this.#events += 1;
    });
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      this.#receivedBytes += encodedDataLength;
    });
  }

  static async of(page: Page): Promise<PageCost> {
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    // Processor time, so that others who are at work on the machine make nothing slow.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    return new PageCost(session);
  }

  /** Live events that the page has received since it is measured. */
  get events(): number {
    return this.#events;
  }

  /** Of answers that have come to their end, as they went over the wire, with their headers. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** So that the next visit is a first one. */
  async forgetFiles(): Promise<void> {
    await this.#session.send("Network.clearBrowserCache");
  }

  async held(): Promise<Held> {
    // A second collection takes what finalizers of the first have let go.
    for (let round = 0; round < 2; round += 1) await this.#session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await this.#session.send("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await this.#session.send("Memory.getDOMCounters");
    return { heapBytes: usedSize, nodes, listeners: jsEventListeners };
  }

  /** Processor time that the page's own thread takes for something. Milliseconds. */
  async taskMs(work: () => Promise<unknown>): Promise<number> {
    const before = await this.totalMs();
    await work();
    return (await this.totalMs()) - before;
  }

  /** Since it is measured. */
  async totalMs(): Promise<number> {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  }
}
