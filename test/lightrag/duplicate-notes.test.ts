import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { quickClient } from "../support/lightrag-quick-client.ts";
import { documentOf, never } from "../support/lightrag-simulator-test.ts";
import { startModelServer } from "../support/model-server.ts";
import { lightragMissing, startPythonLightRag } from "../support/python-lightrag.ts";

it.skipIf(lightragMissing !== null)(
  "a name that only the note of a refused duplicate occupies in a real LightRAG 1.4 is freed for a new text",
  async () => {
    const model = await startModelServer();
    const env = { MAX_GLEANING: "0" };
    const server = await startPythonLightRag({ generation: "1.4", modelUrl: model.url, env });
    const client = quickClient({ url: server.url });
    try {
      await client.connect(never);
      const original = documentOf(1);
      await client.submit([original], never);
      const originalId = client.predictDocumentId(original);
      const find = async (documentId: string) =>
        (await client.find([{ fileSource: "", documentId }], never))[0]?.status;
      await expect.poll(() => find(originalId), { timeout: 60_000 }).toBe("processed");
      await expect.poll(() => client.isBusy(never), { timeout: 60_000 }).toBe(false);
      // LightRAG makes such a note when two inserts of one text meet, which cannot be had at will.
      await server.halt();
      addNote(join(server.workingDir, "kv_store_doc_status.json"), originalId, "m2@ctx.md");
      await server.start();
      const updated = documentOf(2);
      expect(await client.submit([updated], never)).toMatchObject([{ kind: "accepted" }]);
      await expect.poll(() => find(client.predictDocumentId(updated)), { timeout: 60_000 }).toBe("processed");
    } finally {
      await client.close();
      await server.stop();
      await model.stop();
    }
  },
);

/** Writes what LightRAG 1.4.16 writes for a second insert of a text. */
function addNote(path: string, originalId: string, fileSource: string): void {
  const rows = JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, unknown>>;
  const { created_at, updated_at, track_id, content_length } = rows[originalId] ?? {};
  const note = {
    status: "failed",
    content_summary: `[DUPLICATE] Original document: ${originalId}`,
    content_length,
    chunks_count: 0,
    chunks_list: [],
    created_at,
    updated_at,
    file_path: fileSource,
    track_id: "insert_20260101_000000_00000000",
    error_msg: `Content already exists. Original doc_id: ${originalId}, Status: processed`,
    metadata: { is_duplicate: true, original_doc_id: originalId, original_track_id: track_id },
  };
  writeFileSync(path, JSON.stringify({ ...rows, [`dup-${"1".repeat(32)}`]: note }));
}
