import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, type TestContext } from "vitest";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { startModelServer } from "../support/model-server.ts";
import { lightragMissing, startPythonLightRag } from "../support/python-lightrag.ts";
import { startProgram } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { browserTest, openPage } from "../support/web-page.ts";
import { makeProgram } from "../web/support/program.ts";

const keys = { admin: "admin-key-of-the-page", viewer: "none" };
const said = [
  "Alice Smith met Bob Jones in Paris. Bob Jones considers international collaboration.",
  "Clara Stone moved to Vienna. Clara Stone visited Bob Jones.",
];

/** A service over a real LightRAG server of a generation, whose model is scripted. Everything ends with the test. */
async function startRealWorld(generation: "1.4" | "1.5") {
  const model = await startModelServer();
  onTestFinished(() => model.stop());
  const lightrag = await startPythonLightRag({ generation, modelUrl: model.url });
  onTestFinished(() => lightrag.stop());
  const source = await MemoryApiSimulator.start();
  onTestFinished(() => source.close());
  source.put(
    "TRAVELS",
    ...said.map((transcript, at) => ({
      ...{ id: `note-${at}`, transcript, type: "record", created_at: `2025-09-0${at + 1}T10:00:00Z` },
      ...{ audio: false, image: false, location_lat: null, location_lon: null },
    })),
  );
  const folder = temporaryFolder();
  const configuration = {
    memory_api: { url: source.url, api_key: source.key },
    lightrag: { mode: "api", api: { url: lightrag.url } },
    api: { api_key: keys.admin, rate_limit: { enabled: false } },
    state: { keep_text: 280 },
    connectors: [
      {
        id: "travels",
        context_id: "TRAVELS",
        schedule: { type: "manual" },
        ingestion: { query_range: "all" },
      },
    ],
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(configuration));
  const { program, remove } = await makeProgram();
  onTestFinished(remove);
  const service = await startProgram(program, folder);
  return { url: new URL(service.url("api")).origin, keys };
}

const journey =
  (generation: "1.4" | "1.5") =>
  async ({ skip }: TestContext) => {
    if (lightragMissing !== null) return skip(lightragMissing);
    const page = await openPage(await startRealWorld(generation), "#/connectors/travels");
    page.setDefaultTimeout(120_000);
    await page.getByRole("button", { name: "Run now…" }).click();
    await page.getByRole("button", { name: "Send 2 documents" }).click();
    await page.getByRole("heading", { level: 1, name: "travels: up to date." }).waitFor();
    await page.getByText("2 new, 2 proved").waitFor();

    await page.evaluate("location.hash = '#/memories'");
    await page.getByRole("link", { name: /^Alice Smith met/u }).click();
    await page.getByText("LightRAG’s own record holds exactly this text").waitFor();
    const entities = page.getByRole("link", { name: "Bob Jones", exact: true });
    await entities.first().waitFor();

    await page.evaluate("location.hash = '#/ask'");
    await page.getByLabel("Question", { exact: true }).last().fill("Whom did Alice Smith meet in Paris?");
    await page.keyboard.press("Enter");
    const sources = page.getByRole("list", { name: "Sources" });
    await sources.getByRole("link").first().click();
    await page.waitForURL(/#\/memories\/travels\/TRAVELS\/note-\d$/u);

    await page.evaluate("location.hash = '#/graph?connector=travels&entity=Bob%20Jones'");
    await page.getByRole("heading", { level: 1, name: /^Bob Jones, and what stands near/u }).waitFor();
    const neighbours = page.getByRole("region", { name: "Neighbours" });
    await neighbours.getByRole("link", { name: "Clara Stone", exact: true }).waitFor();
    const memories = page.getByRole("list", { name: "Memories" }).getByRole("link");
    expect((await memories.allInnerTexts()).toSorted()).toEqual(["note-0", "note-1"]);
    await neighbours.getByRole("link", { name: "Expand Clara Stone" }).click();
    await page.locator(".graph circle").nth(3).waitFor();
  };

for (const generation of ["1.5", "1.4"] as const)
  browserTest(
    `over a real LightRAG ${generation} a sync from the page is proved, and its memories are shown, asked for and found in the graph`,
    journey(generation),
  );
