import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { makeWorld, type World } from "../support/service.ts";
import { codeBlocks, docPages } from "../support/shell-blocks.ts";

/** What the page shows for a symptom, by its heading. */
const symptoms = docPages
  .filter(({ path }) => path === "docs/troubleshooting.md")
  .flatMap(({ path, text }) =>
    text.split(/^## /mu).map((section) => {
      const [shown] = codeBlocks({ path, text: section }).filter(({ language }) => language === "text");
      return { heading: section.split("\n", 1)[0] ?? "", shown: shown?.text };
    }),
  )
  .filter(({ shown }) => shown !== undefined);

const connector = (more = "", context = "CTX123") =>
  `connectors: [{ id: personal-memories, context_id: ${context}, retry: { max_attempts: 1 }, ingestion: { query_range: all }${more} }]`;

/** Nobody listens there. */
const nowhere = "http://127.0.0.1:9";

/** How somebody comes to each of them: what is done in a world where all is well, and the command that then shows it. */
const ways: Readonly<Record<string, (world: World) => Promise<readonly string[]> | readonly string[]>> = {
  "There is no configuration": ({ folder }) => {
    rmSync(join(folder, "config.yaml"));
    return ["sync"];
  },
  "The configuration is refused": ({ folder }) => {
    writeFileSync(
      join(folder, "config.yaml"),
      `memory_api: { url: "${nowhere}" }\n\n${connector()}\n\nloging: {}\n`,
    );
    return ["validate"];
  },
  "The Memory API cannot be reached": ({ configure }) => {
    configure(connector(), { memory_api: `{ url: "${nowhere}" }` });
    return ["check"];
  },
  "The Memory API refuses the key": ({ configure, memoryApi }) => {
    configure(connector(), { memory_api: `{ url: "${memoryApi.url}", api_key: wrong }` });
    return ["check"];
  },
  "The context is not there": ({ configure }) => {
    configure(connector("", "CTX999"));
    return ["check"];
  },
  "The Memory API answers with something else": ({ memoryApi }) => {
    memoryApi.faultFor = () => ({ kind: "body", body: "<html>Log in</html>", contentType: "text/html" });
    return ["sync"];
  },
  "The Memory API has trouble of its own": ({ memoryApi }) => {
    memoryApi.faultFor = () => ({ kind: "status", status: 503 });
    return ["sync"];
  },
  "LightRAG cannot be reached": ({ configure }) => {
    configure(connector(), { lightrag: `{ api: { url: "${nowhere}" } }` });
    return ["check"];
  },
  "LightRAG refuses the key": async (world) => {
    await otherLightRag(world, { apiKey: "right" }, "wrong");
    return ["check"];
  },
  "A run ends `partial`, with dead letters": ({ memoryApi, lightrag }) => {
    memoryApi.clear("CTX123");
    memoryApi.put("CTX123", memory("m-1", "Ines dives."), memory("m-123", "Hugo has a mask."));
    lightrag.model = { refuseText: "mask" };
    return ["sync"];
  },
  "A run ends `partial`, and says that the list may be cut off": ({ memoryApi }) => {
    memoryApi.put("CTX123", ...makeApiMemories(80, Date.now()));
    memoryApi.behaviour.cap = 50;
    return ["sync"];
  },
  "A run is held": async ({ folder, configure }) => {
    await runCli(["sync"], { cwd: folder });
    configure(connector(", transformation: { strategy: rich }"));
    return ["sync"];
  },
  "Deletions are not believed": async ({ folder, configure, memoryApi }) => {
    configure(connector(", on_delete: propagate"));
    await runCli(["sync"], { cwd: folder });
    for (const { id } of makeApiMemories(20, Date.now()).slice(3, 17)) memoryApi.remove("CTX123", id);
    return ["sync"];
  },
  "LightRAG has lost documents": async ({ folder, lightrag }) => {
    await runCli(["sync"], { cwd: folder });
    for (const { id } of lightrag.documents()) lightrag.lose(id);
    return ["sync"];
  },
  "Everything is processed, and the graph is empty": async (world) => {
    await otherLightRag(world, { findsNothing: true });
    return ["sync"];
  },
  "Nothing happens by itself": () => ["status"],
};

test("each symptom that the page shows has a way to it here, and no other", () => {
  expect(symptoms.map(({ heading }) => heading).toSorted()).toEqual(Object.keys(ways).toSorted());
});

test.each(symptoms)("$heading: the page shows what is seen", async ({ heading, shown = "" }) => {
  const world = await makeWorld(0);
  world.memoryApi.put("CTX123", ...makeApiMemories(20, Date.now()));
  world.configure(connector());
  const words = (await ways[heading]?.(world)) ?? [];
  const { out, err } = await runCli(words, { cwd: world.folder });
  const names = { [world.folder]: "/home/me", [world.memoryApi.url]: "http://127.0.0.1:8080" };
  const told = Object.entries({ ...names, [world.lightrag.url]: "http://127.0.0.1:9621" }).reduce(
    (text, [name, usual]) => text.replaceAll(name, usual),
    `${out}${err}`.replaceAll(/http:\/\/127\.0\.0\.1:9\b/gu, nowhereFor(heading)),
  );
  for (const line of shown
    .trimEnd()
    .split("\n")
    .filter((each) => each.trim() !== "…"))
    expect(told).toMatch(patternOf(line));
});

const nowhereFor = (heading: string) =>
  heading.startsWith("LightRAG") ? "http://127.0.0.1:9621" : "http://127.0.0.1:8080";

/** A whole line; `…` stands for what differs from time to time. */
function patternOf(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "mu");
}

async function otherLightRag(
  { configure }: World,
  options: Partial<ConstructorParameters<typeof LightRagSimulator>[0]>,
  key?: string,
): Promise<void> {
  const lightrag = new LightRagSimulator({ generation: "1.5", ...options });
  await lightrag.start();
  onTestFinished(() => lightrag.stop());
  const given = key === undefined ? "" : `, api_key: ${key}`;
  configure(connector(), { lightrag: `{ api: { url: "${lightrag.url}"${given} } }` });
}

function memory(id: string, transcript: string) {
  return { id, type: "note", audio: false, image: false, transcript, created_at: "2025-09-02T09:00:00Z" };
}
