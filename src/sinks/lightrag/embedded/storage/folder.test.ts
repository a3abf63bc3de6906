import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { atOnce } from "../../../../kernel/util/pieces.ts";
import type { Change } from "./changes.ts";
import { Folder } from "./folder.ts";
import { entityVectorId } from "./keys.ts";
import type { EntityAttributes, RelationAttributes } from "./records.ts";
import { ReplacementFile } from "./replacement-file.ts";

const embedding = { id: "test", dimension: 4 };
const journal = "memory_connector.journal";

test("what was committed is there after a clean close, and no journal is left", async () => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  expect(readdirSync(path).filter((name) => name.includes("journal") || name.includes(".tmp."))).toEqual([]);
  expectEverything(await opened(path));
});

test("what was committed is there after a crash", async () => {
  const path = temporaryFolder();
  const folder = await opened(path);
  await folder.commit(everything());
  expect(existsSync(join(path, "kv_store_full_docs.json"))).toBe(false);
  expectEverything(await opened(crashed(path)));
});

test("work goes on behind a journal that was cut short", async () => {
  const path = temporaryFolder();
  const folder = await opened(path);
  await folder.commit([document("a")]);
  appendFileSync(join(path, journal), '01234567 [{"kind":"rec');
  const copy = crashed(path);
  const second = await opened(copy);
  await second.commit([document("b")]);
  const third = await opened(crashed(copy));
  expect([...third.stores.documents.keys()]).toEqual(["a", "b"]);
});

test("a checkpoint that a crash cuts short between two files changes nothing in the end", async () => {
  const [path, twin] = [temporaryFolder(), temporaryFolder()];
  for (const each of [path, twin]) await commitAll(each, [document("doc-0")]);
  const folder = await Folder.open(path, embedding);
  await folder.commit(everything());
  const restore = failAfterFirstPublish();
  await expect(folder.close()).rejects.toMatchObject({ code: "DIRECT_FOLDER_UNUSABLE" });
  restore();
  expect(readFileSync(join(path, "kv_store_full_docs.json"), "utf8")).toContain("doc-1");
  await commitAll(path, []);
  await commitAll(twin, everything());
  expect(contents(path)).toEqual(contents(twin));
});

test("a folder that another program has written beside a journal is refused", async () => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  const folder = await Folder.open(path, embedding);
  await folder.commit([document("doc-2")]);
  await folder.abandon();
  const file = join(path, "kv_store_full_docs.json");
  const before = readFileSync(file);
  writeFileSync(file, "{}");
  await expect(Folder.open(path, embedding)).rejects.toMatchObject({
    code: "DIRECT_FOLDER_CHANGED",
    subject: file,
  });
  writeFileSync(file, before);
  expect((await opened(path)).stores.documents.has("doc-2")).toBe(true);
});

test("files that another program writes meanwhile are not overwritten, and what was to be written is kept", async () => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  const folder = await Folder.open(path, embedding);
  await folder.commit([document("doc-2")]);
  const file = join(path, "kv_store_doc_status.json");
  writeFileSync(file, "{}");
  await expect(folder.close()).rejects.toMatchObject({ code: "DIRECT_FOLDER_CHANGED", subject: file });
  expect(readFileSync(join(path, "kv_store_full_docs.json"), "utf8")).not.toContain("doc-2");
  expect(readFileSync(join(path, journal), "utf8")).toContain("doc-2");
  expect(readdirSync(path).filter((name) => name.includes(".tmp."))).toEqual([]);
});

test("what a crash in the middle of a checkpoint left half written is cleared away", async () => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  const [ours, foreign] = ["vdb_chunks.json.tmp.4711.0.0", "vdb_chunks.json.tmp.4711.140.1731000000"];
  for (const name of [ours, foreign]) writeFileSync(join(path, name), "{");
  await opened(path);
  expect(readdirSync(path)).toContain(foreign);
  expect(readdirSync(path)).not.toContain(ours);
});

test("a folder has one writer at a time", async () => {
  const path = temporaryFolder();
  const folder = await Folder.open(path, embedding);
  await expect(Folder.open(path, embedding)).rejects.toMatchObject({ code: "DIRECT_FOLDER_LOCKED" });
  await folder.close();
  await opened(path);
});

test("deletions reach the files", async () => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  await commitAll(path, [
    { kind: "record", store: "full_docs", key: "doc-1", value: null },
    { kind: "provenance", store: "entity_chunks", key: "Ada", chunkIds: null, time: 2 },
    { kind: "entity", name: "Ada", attributes: null },
    { kind: "vector", store: "entities", id: entityVectorId("Ada"), entry: null },
  ]);
  const { stores } = await opened(path);
  expect(stores.documents.size).toBe(0);
  expect(stores.entityChunks.has("Ada")).toBe(false);
  expect([...stores.graph.names()]).toEqual(["Ben <& Co>"]);
  expect(stores.graph.edgeCount).toBe(0);
  expect(stores.entityVectors.size).toBe(0);
});

test("a folder of another embedding model is refused with the fix", async () => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  for (const other of [
    { id: "other", dimension: 4 },
    { id: "test", dimension: 5 },
  ]) {
    await expect(Folder.open(path, other)).rejects.toMatchObject({ code: "DIRECT_EMBEDDING_CHANGED" });
  }
});

test("a folder of a layout that a newer version made is refused", async () => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  writeFileSync(join(path, "memory_connector.json"), '{"format": 2, "shards": []}');
  await expect(Folder.open(path, embedding)).rejects.toMatchObject({ code: "DIRECT_FOLDER_NEWER" });
});

test("a new folder is its owner's only", async () => {
  const path = join(temporaryFolder(), "lightrag");
  await commitAll(path, everything());
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test.each([
  "kv_store_full_docs.json",
  "vdb_entities.json",
  "graph_chunk_entity_relation.graphml",
  "memory_connector.json",
])("a %s cut short is named and refused", async (name) => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  const file = join(path, name);
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length / 2));
  await expect(Folder.open(path, embedding)).rejects.toMatchObject({
    code: "DIRECT_FOLDER_DAMAGED",
    subject: file,
  });
});

test("a record that somebody has spoiled is named when it is needed", async () => {
  const path = temporaryFolder();
  await commitAll(path, everything());
  const file = join(path, "kv_store_full_docs.json");
  writeFileSync(file, '{"doc-1": {"content": 5, "file": "x"}, "doc-2": nonsense}');
  const { stores } = await opened(path);
  for (const key of ["doc-1", "doc-2"]) {
    expect(() => stores.documents.get(key)).toThrow(
      expect.objectContaining({ code: "DIRECT_FOLDER_DAMAGED", message: expect.stringContaining(key) }),
    );
  }
});

test("many commits at a time are all kept, in order", async () => {
  const path = temporaryFolder();
  const folder = await Folder.open(path, embedding);
  const keys = Array.from({ length: 200 }, (_, i) => `doc-${i}`);
  await Promise.all([...keys.map((key) => folder.commit([document(key)])), folder.checkpoint()]);
  await folder.close();
  const { stores } = await opened(path);
  expect([...stores.documents.keys()]).toEqual(keys);
});

/** Closed when the test ends. */
async function opened(path: string): Promise<Folder> {
  const folder = await Folder.open(path, embedding);
  onTestFinished(() => folder.close());
  return folder;
}

async function commitAll(path: string, changes: Change[]): Promise<void> {
  const folder = await Folder.open(path, embedding);
  await folder.commit(changes);
  await folder.close();
}

/** The disk fails when the first file has been replaced and the others have not. */
function failAfterFirstPublish(): () => void {
  const publish = ReplacementFile.prototype.publish;
  let published = 0;
  const spy = vi.spyOn(ReplacementFile.prototype, "publish").mockImplementation(function (
    this: ReplacementFile,
  ) {
    published += 1;
    return published === 1
      ? publish.call(this)
      : Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" }));
  });
  return () => spy.mockRestore();
}

/** The folder as a crash would leave it now: a copy of its files. */
function crashed(path: string): string {
  const copy = temporaryFolder();
  for (const name of readdirSync(path)) copyFileSync(join(path, name), join(copy, name));
  return copy;
}

function contents(path: string): Record<string, string> {
  const names = readdirSync(path).filter((name) => !name.includes(".lock"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), "utf8")]));
}

function document(key: string): Change {
  return {
    kind: "record",
    store: "full_docs",
    key,
    value: { content: `text of ${key}`, file_path: `${key}.txt` },
  };
}

const ada: EntityAttributes = {
  entity_id: "Ada",
  entity_type: "person",
  description: 'She said: "a < b\r\n&& c"\t\u{1F600}<SEP>second',
  source_id: "c1<SEP>c2",
  file_path: "a.txt",
  created_at: 1_700_000_000,
  truncate: "",
};
const company: EntityAttributes = { ...ada, entity_id: "Ben <& Co>", description: "" };
const relation: RelationAttributes = {
  weight: 2.5,
  description: "works\nfor",
  keywords: "job,work",
  source_id: "c1",
  file_path: "a.txt",
  created_at: 1_700_000_001,
  truncate: "KEEP Old",
};

function everything(): Change[] {
  return [
    document("doc-1"),
    { kind: "provenance", store: "entity_chunks", key: "Ada", chunkIds: ["c1"], time: 1 },
    { kind: "provenance-append", store: "entity_chunks", key: "Ada", chunkIds: ["c2"], time: 2 },
    { kind: "entity", name: "Ada", attributes: ada },
    { kind: "entity", name: "Ben <& Co>", attributes: company },
    { kind: "relation", source: "Ben <& Co>", target: "Ada", attributes: relation },
    {
      kind: "vector",
      store: "entities",
      id: entityVectorId("Ada"),
      entry: { payload: { entity_name: "Ada" }, vector: Float32Array.of(0.5, -0.25, 0, 1), createdAt: 3 },
    },
  ];
}

function expectEverything({ stores }: Folder): void {
  expect(stores.documents.get("doc-1")).toEqual({ content: "text of doc-1", file_path: "doc-1.txt" });
  expect(stores.entityChunks.get("Ada")).toEqual({ chunk_ids: ["c1", "c2"], count: 2 });
  expect(stores.graph.entity("Ada")).toEqual(ada);
  expect(stores.graph.entity("Ben <& Co>")).toEqual(company);
  expect(stores.graph.relation("Ada", "Ben <& Co>")).toEqual(relation);
  expect(stores.entityVectors.payload(entityVectorId("Ada"))).toEqual({ entity_name: "Ada" });
  const [match] = atOnce(stores.entityVectors.nearest(Float32Array.of(1, -0.5, 0, 2), 5, 0.2));
  expect(match?.id).toBe(entityVectorId("Ada"));
  expect(match?.score).toBeCloseTo(1, 5);
}
