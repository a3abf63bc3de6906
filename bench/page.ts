import { chromium } from "playwright-core";
import { debianProgram } from "../test/support/debian-program.ts";
import { adminKey, BuiltService } from "./support/built-service.ts";
import { type Figure, median } from "./support/figures.ts";
import { BenchFolder, startNullSink } from "./support/world.ts";

const repeats = 9;
const count = 100;

/** From the address to something that can be used, by the clock, in a browser that has nothing of the page yet. */
export async function measurePage(): Promise<Figure[]> {
  const executablePath = debianProgram("chromium", "chromium");
  if (executablePath === null) throw new Error("there is no Chromium: apt-get install chromium");
  using folder = new BenchFolder();
  await using source = await folder.startSource(count);
  await using sink = await startNullSink({ generation: "1.5", answerMs: 0 });
  folder.writeConfig({ source, sink, count }, { api: { api_key: adminKey } });
  await using service = await BuiltService.start(folder.path);
  const { origin } = new URL(service.url);
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  try {
    const signedOut: number[] = [];
    const overview: number[] = [];
    for (let turn = 0; turn < repeats; turn += 1) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const timed = async (selector: string) => {
        const startedAt = performance.now();
        await page.goto(`${origin}/`);
        await page.locator(selector).waitFor();
        return performance.now() - startedAt;
      };
      signedOut.push(await timed("#key"));
      await page.request.post(`${origin}/api/v1/session`, { data: { key: adminKey } });
      const session = await page.context().newCDPSession(page);
      await session.send("Network.clearBrowserCache");
      await page.goto("about:blank");
      overview.push(await timed("table.rows a.name"));
      await context.close();
    }
    return [figure("the field for a key", signedOut), figure("the list of connectors", overview)];
  } finally {
    await browser.close();
  }
}

function figure(what: string, took: readonly number[]): Figure {
  return {
    what: `first visit of the page in Chromium until ${what} can be used`,
    value: median(took),
    unit: "ms",
    target: { below: 1_000 },
    details: { repeats, slowestMs: Math.max(...took) },
  };
}
