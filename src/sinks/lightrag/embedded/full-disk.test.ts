import { existsSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../../test/support/temp-folder.ts";
import { createBuiltinEmbedder } from "./builtin/embedder.ts";
import { createBuiltinExtractor } from "./builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "./light-rag-direct-client.ts";

const signal = new AbortController().signal;
const fullDevice = "/dev/full";
const first = { fileSource: "1.md", text: "Ada Winter met Ben Summer in Lisbon." };
const second = { fileSource: "2.md", text: "Ben Summer moved to Porto." };

/** A device that takes nothing stands in for a disk without room. */
describe.skipIf(!existsSync(fullDevice))(`a full disk (needs ${fullDevice})`, () => {
  function makeClient(workingDir: string): LightRagDirectClient {
    const models = { extraction: createBuiltinExtractor(), embedding: createBuiltinEmbedder() };
    return new LightRagDirectClient({ workingDir, models });
  }

  async function indexed(client: LightRagDirectClient): Promise<string[]> {
    await expect.poll(() => client.isBusy(signal)).toBe(false);
    const { documentStatus } = client.stores;
    return [...documentStatus.keys()].map((id) => documentStatus.get(id)?.status ?? "");
  }

  test("a document that cannot be written is not accepted, and is taken when there is room again", async () => {
    const workingDir = temporaryFolder();
    const journal = join(workingDir, "memory_connector.journal");
    symlinkSync(fullDevice, journal);
    const client = makeClient(workingDir);
    onTestFinished(() => client.close());
    await client.connect(signal);
    await expect(client.submit([first], signal)).rejects.toMatchObject({ code: "DIRECT_FOLDER_FULL" });
    const ref = { fileSource: first.fileSource, documentId: client.predictDocumentId(first) };
    expect(await client.find([ref], signal)).toEqual([undefined]);
    await client.close();
    rmSync(journal, { force: true });
    await client.connect(signal);
    expect(await client.submit([first], signal)).toMatchObject([{ kind: "accepted" }]);
    expect(await indexed(client)).toEqual(["processed"]);
  });

  test("files that cannot be written at the end cost nothing: the journal has it all", async () => {
    const workingDir = temporaryFolder();
    const client = makeClient(workingDir);
    await client.connect(signal);
    await client.submit([first, second], signal);
    await indexed(client);
    const replacement = join(workingDir, `kv_store_text_chunks.json.tmp.${process.pid}.0.0`);
    symlinkSync(fullDevice, replacement);
    await expect(client.close()).rejects.toMatchObject({ code: "DIRECT_FOLDER_FULL" });
    expect(readdirSync(workingDir).filter((name) => name.includes(".tmp."))).toEqual([]);
    const again = makeClient(workingDir);
    await again.connect(signal);
    expect(await indexed(again)).toEqual(["processed", "processed"]);
    expect([...again.stores.graph.names()]).toContain("Porto");
    await again.close();
    expect(readdirSync(workingDir)).not.toContain("memory_connector.journal");
  });
});
