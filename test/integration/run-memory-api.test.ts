import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { MemoryApiClient } from "../../src/sources/memory-api/memory-api-client.ts";
import { listAll } from "../support/memory-api-client.ts";
import { loadContextFile, makeApiMemories } from "../support/memory-api-data.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const script = join(import.meta.dirname, "../support/run-memory-api.ts");
const realData = join(import.meta.dirname, "../../../shared/data");

async function runMemoryApi(...args: string[]) {
  const process_ = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void process_.kill("SIGKILL"));
  const [line] = await once(createInterface(process_.stdout), "line");
  const client = new MemoryApiClient({ url: JSON.parse(line).url, apiKey: "k", serverCap: "none" });
  onTestFinished(() => client.close());
  return { client, process: process_ };
}

describe("the simulated Memory API as a process", () => {
  it("serves files, suffers the faults it is given and ends at SIGTERM", async () => {
    const folder = temporaryFolder();
    const [data, faults] = [join(folder, "data.json"), join(folder, "faults.json")];
    writeFileSync(data, JSON.stringify({ context_id: "CTX", memories: makeApiMemories(30) }));
    writeFileSync(faults, JSON.stringify([null, { kind: "status", status: 403 }]));
    const { client, process } = await runMemoryApi("--data", data, "--faults", faults, "--key", "k");
    expect((await listAll(client)).ids).toHaveLength(30);
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_FORBIDDEN" });
    process.kill("SIGTERM");
    expect(await once(process, "exit")).toEqual([0, null]);
  });

  it.skipIf(!existsSync(realData))("serves real conversations whole (needs ../shared/data)", async () => {
    const files = readdirSync(realData).filter((name) => name.startsWith("memories-"));
    const paths = files.map((name) => join(realData, name));
    const { client } = await runMemoryApi("--key", "k", ...paths.flatMap((path) => ["--data", path]));
    for (const { contextId, memories } of paths.map(loadContextFile)) {
      const { ids, pages, truncated } = await listAll(client, { contextId });
      expect(ids.toSorted()).toEqual(memories.map(({ id }) => id).toSorted());
      expect(pages.flatMap(({ malformed }) => malformed)).toEqual([]);
      expect(truncated).toBeNull();
    }
  });
});
