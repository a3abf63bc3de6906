import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, expect, inject, onTestFinished, type TestContext, test } from "vitest";
import { demoMemories } from "../../src/cli/demo/memories.ts";
import { callApi } from "./api-client.ts";
import { debianProgram } from "./debian-program.ts";
import { collectFaults } from "./faults-of-a-page.ts";
import { LightRagSimulator } from "./lightrag-simulator.ts";
import type { ApiMemory } from "./memory-api-data.ts";
import { MemoryApiSimulator } from "./memory-api-simulator.ts";
import { eventually, startProgram } from "./service.ts";
import { temporaryFolder } from "./temp-folder.ts";

const program = debianProgram("chromium", "chromium");

/** A test in a browser; skipped, with a message, where there is none. */
export function browserTest(
  title: string,
  journey: (context: TestContext) => Promise<void>,
  limitMs?: number,
): void {
  const run = async (context: TestContext) => {
    if (program === null) return context.skip("Chromium cannot be had here: apt-get install chromium");
    await journey(context);
  };
  test(title, run, limitMs);
}

/** A service with its page, over connectors of each kind; everything ends with the test. */
export type WebWorld = Awaited<ReturnType<typeof startWebWorld>>;

const admin = "admin-key-of-the-page";

interface WebWorldOptions {
  /** Further blocks of the configuration. */
  more?: object;
  /** How many connectors there are besides, with nothing to do. */
  others?: number;
  /** Puts what is to be there before the service starts into its folder. */
  prepare?: (folder: string) => Promise<void>;
}

/**
 * `nina` reads the diary of the demo into a graph in a folder; `museum` names a context that is not there; `seagrass` has a slow LightRAG;
 * `boatyard` and `archive-1957` have nothing to do yet. None runs by itself.
 */
export async function startWebWorld(
  processingMs = 0,
  basePath = "",
  { more = {}, others = 0, prepare = async () => undefined }: WebWorldOptions = {},
) {
  const folder = temporaryFolder();
  const memoryApi = await MemoryApiSimulator.start();
  onTestFinished(() => memoryApi.close());
  const slowLightRag = new LightRagSimulator({ generation: "1.5", processingMs, parallel: 1 });
  await slowLightRag.start();
  onTestFinished(() => slowLightRag.stop());
  memoryApi.put("NINA", ...diary().slice(0, 40));
  const spoken = diary("seagrass-").filter(({ transcript }) => transcript !== "");
  memoryApi.put("SEAGRASS", ...spoken.slice(0, 24));
  memoryApi.put("BOATYARD", ...diary("boatyard-").slice(0, 6));
  memoryApi.put("ARCHIVE", ...diary("archive-").slice(0, 3));
  const settings = configuration(memoryApi, slowLightRag, basePath, more, others);
  writeFileSync(join(folder, "config.yaml"), settings);
  await prepare(folder);
  const service = await startProgram(inject("program"), folder);
  const { origin: url } = new URL(service.url("api"));
  /** Calls the API as an admin. Rejects where it refuses. */
  const api = async (method: string, path: string, body?: object) => {
    const answer = await callApi(`${url}/api/v1`, method, path, { key: admin, ...(body && { body }) });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const viewer = (await api("POST", "/keys", { name: "viewer of the tests", role: "viewer" })).key;
  /** Runs a connector and resolves with the record of the run. */
  const run = async (connectorId: string) => {
    const { runId } = await api("POST", `/connectors/${connectorId}/trigger`);
    // Its record is closed a moment before the connector is free for the next run.
    await eventually(async () => (await api("GET", `/connectors/${connectorId}/status`)).activeRun === null);
    return api("GET", `/runs/${runId}`);
  };
  return { folder, service, url, keys: { admin, viewer }, memoryApi, slowLightRag, api, run };
}

/** The demo's memories as a Memory API shows them, oldest first. */
export function diary(prefix = ""): ApiMemory[] {
  return demoMemories.map(({ id, location, ...memory }) => ({
    ...memory,
    id: `${prefix}${id}`,
    audio: false,
    image: false,
    location_lat: location?.lat ?? null,
    location_lon: location?.lon ?? null,
  }));
}

function configuration(
  memoryApi: MemoryApiSimulator,
  slow: LightRagSimulator,
  basePath: string,
  more: object,
  others: number,
): string {
  const retry = { max_attempts: 2, max_backoff_seconds: 1 };
  const manual = { schedule: { type: "manual" }, ingestion: { query_range: "all" }, retry };
  const connectors = [
    { id: "nina", context_id: "NINA", ...manual },
    { id: "museum", context_id: "MUSEUM", ...manual },
    {
      id: "seagrass",
      context_id: "SEAGRASS",
      ...manual,
      lightrag: { mode: "api", api: { url: slow.url, max_retries: 1 } },
    },
    { id: "boatyard", context_id: "BOATYARD", ...manual },
    { id: "archive-1957", context_id: "ARCHIVE", ...manual },
    ...Array.from({ length: others }, (_, index) => ({
      id: `more-${index}`,
      context_id: `MORE-${index}`,
      ...manual,
    })),
  ];
  return JSON.stringify({
    memory_api: { url: memoryApi.url, api_key: memoryApi.key, max_retries: 0 },
    lightrag: { mode: "direct", direct: { working_dir: "./lightrag" } },
    api: { api_key: admin, rate_limit: { enabled: false }, base_path: basePath },
    state: { keep_text: 280 },
    connectors,
    ...more,
  });
}

export const widths = { wide: 1440, narrow: 390 } as const;
export const themes = ["light", "dark"] as const;

interface Looking {
  /** Whose session; null for nobody's. */
  as?: keyof WebWorld["keys"] | null;
  theme?: (typeof themes)[number];
  width?: number;
}

/** Opens an address of the page, such as `#/connectors/nina`, signed in. What `collectFaults` finds there fails the test. */
export async function openPage(
  world: Pick<WebWorld, "url" | "keys">,
  address = "#/",
  looking: Looking = {},
): Promise<Page> {
  const { as = "admin", theme = "light", width = widths.wide } = looking;
  const context = await (await browser()).newContext({
    colorScheme: theme,
    viewport: { width, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Lisbon",
  });
  onTestFinished(() => context.close());
  const faults = await collectFaults(context, new URL(world.url).origin);
  onTestFinished(() => expect(faults).toEqual([]));
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  if (as !== null) await page.request.post(`${world.url}/api/v1/session`, { data: { key: world.keys[as] } });
  await page.goto(`${world.url}/${address}`);
  await page.locator("h1").waitFor();
  return page;
}

/** Without serious findings of axe, in both themes and at both widths. `what` is shown when there is one. */
export async function expectAccessible(page: Page, what = page.url()): Promise<void> {
  for (const width of Object.values(widths)) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      expect([what, colorScheme, width, told]).toEqual([what, colorScheme, width, []]);
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect([what, width, overflow]).toEqual([what, width, 0]);
    }
  }
  await page.setViewportSize({ width: widths.wide, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

const picturesFolder = join(import.meta.dirname, "../../docs/images/page");

/** Keeps pictures for the documentation, a wide and light one and a narrow and dark one, when `UPDATE_PICTURES=1` asks for them. */
export async function pictures(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_PICTURES !== "1") return;
  const looks = [
    [widths.wide, "light"],
    [widths.narrow, "dark"],
  ] as const;
  for (const [width, colorScheme] of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(picturesFolder, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: widths.wide, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

let started: Promise<Browser> | undefined;

afterAll(async () => (await started)?.close());

/** One for all tests of a file. */
function browser(): Promise<Browser> {
  started ??= chromium.launch({
    executablePath: program as string,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  return started;
}
