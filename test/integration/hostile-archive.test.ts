import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { expect, test } from "vitest";
import { archiveLimits } from "../../src/operations/archive/archive-format.ts";
import { ArchiveReader } from "../../src/operations/archive/archive-reader.ts";
import { tarEnd, tarFile } from "../../src/operations/archive/tar-files.ts";
import { checkArchive } from "../../src/operations/backup/restore-archive.ts";
import { processedRow } from "../contract/state-manager-samples.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const signal = new AbortController().signal;
const head = {
  format: "memory-connector-archive",
  version: 1,
  writtenBy: "1.0.0",
  createdAt: "2025-01-01T00:00:00.000Z",
  connectorId: null,
};
const row = (memoryId: string, changes: object = {}) => ({
  ...processedRow({ memoryId }),
  version: 1,
  ...changes,
});
const lines = (...records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");

interface Piece {
  name: string;
  text: string;
}

/** An archive whose checksums are right, whatever is in it. */
function archiveOf(pieces: readonly Piece[], first: object = head): string {
  const all = [{ name: "archive.json", text: lines(first) }, ...pieces];
  const files = all.map(({ name, text }) => ({
    name,
    bytes: Buffer.byteLength(text),
    sha256: createHash("sha256").update(text).digest("hex"),
    records: name === "archive.json" ? 0 : text.split("\n").length - 1,
  }));
  return write([...all, { name: "manifest.json", text: lines({ files }) }].map(inTar));
}

const inTar = ({ name, text }: Piece) => tarFile({ name, content: Buffer.from(text) }, new Date(0));

function write(tar: readonly Buffer[]): string {
  // A folder deeper, so that the one above it is the test's own, too.
  const folder = join(temporaryFolder(), "inner");
  mkdirSync(folder);
  const path = join(folder, "archive.tar.gz");
  writeFileSync(path, gzipSync(Buffer.concat([...tar, tarEnd()])));
  return path;
}

const refused = (code: string) => ({ name: "ConnectorError", code });

test("the archive that the others are variations of is fine", async () => {
  const { counts } = await checkArchive(
    archiveOf([{ name: "ledger-000001.jsonl", text: lines(row("a"), row("b")) }]),
    signal,
  );
  expect(counts.ledger).toBe(2);
});

test.each([
  "../../etc/passwd",
  "/etc/passwd",
  "ledger-000001.jsonl/../../x",
  "..\\..\\x",
  "ledger-000002.jsonl",
  "unknown-000001.jsonl",
  "constructor-000001.jsonl",
])("a file of the name %s is refused, and no name is ever used as a path", async (name) => {
  const file = archiveOf([{ name, text: lines(row("a")) }]);
  await expect(checkArchive(file, signal)).rejects.toMatchObject(refused("ARCHIVE_DAMAGED"));
  expect(readdirSync(join(file, ".."))).toEqual(["archive.tar.gz"]);
  expect(existsSync(join(file, "..", "..", "x"))).toBe(false);
});

test.each(["SymbolicLink", "Link", "Directory", "CharacterDevice", "FIFO", "ExtendedHeader"] as const)(
  "a tar entry of the type %s is refused",
  async (type) => {
    const block = Buffer.alloc(512);
    new Header({ path: "ledger-000001.jsonl", type, linkpath: "/etc/passwd", size: 0, mode: 0o777 }).encode(
      block,
    );
    const file = write([inTar({ name: "archive.json", text: lines(head) }), block]);
    await expect(checkArchive(file, signal)).rejects.toMatchObject(refused("ARCHIVE_FOREIGN"));
  },
);

test("a decompression bomb is given up soon after its limit, long before its end", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const path = join(temporaryFolder(), "bomb.tar.gz");
  writeFileSync(
    path,
    Buffer.concat([gzipSync(inTar({ name: "archive.json", text: lines(head) })), bomb, bomb]),
  );
  const limits = { ...archiveLimits, freeBytes: 1024 * 1024 };
  const archive = await ArchiveReader.open(path, signal, limits);
  const before = process.memoryUsage().rss;
  await expect(archive.records().next()).rejects.toMatchObject(refused("ARCHIVE_TOO_LARGE"));
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});

test("a file that says it is larger than any that an export writes is refused before it is read", async () => {
  const block = Buffer.alloc(512);
  new Header({ path: "ledger-000001.jsonl", type: "File", size: 8e9, mode: 0o600 }).encode(block);
  const file = write([inTar({ name: "archive.json", text: lines(head) }), block]);
  await expect(checkArchive(file, signal)).rejects.toMatchObject(refused("ARCHIVE_TOO_LARGE"));
});

test("more files than an export writes are refused", async () => {
  const pieces = Array.from({ length: 30 }, (_, at) => ({
    name: `ledger-${String(at + 1).padStart(6, "0")}.jsonl`,
    text: lines(row(`m${String(at).padStart(3, "0")}`)),
  }));
  const limits = { ...archiveLimits, parts: 20 };
  const archive = await ArchiveReader.open(archiveOf(pieces), signal, limits);
  const readAll = async () => {
    for await (const _ of archive.records());
  };
  await expect(readAll()).rejects.toMatchObject(refused("ARCHIVE_TOO_LARGE"));
});

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test.each([
  ["nested 100,000 deep", `{"collection":"c","id":"x","content":${nested(100_000)}}\n`],
  ["nested deeper than the limit", `{"collection":"c","id":"x","content":${nested(64)}}\n`],
  ["that is no JSON", "{]\n"],
  ["without an end", '{"collection":"c","id":"x","content":1}'],
  ["of another shape", lines({ collection: "c", id: 5, content: 1 })],
  ["with a field too many", lines({ collection: "c", id: "x", content: 1, more: 1 })],
  ["with a prototype", '{"collection":"c","id":"x","content":1,"__proto__":{"polluted":true}}\n'],
  ["with half a surrogate pair for an id", '{"collection":"c","id":"\\ud800","content":1}\n'],
  [
    "that comes twice",
    lines({ collection: "c", id: "x", content: 1 }, { collection: "c", id: "x", content: 2 }),
  ],
  ["out of order", lines({ collection: "d", id: "x", content: 1 }, { collection: "c", id: "x", content: 2 })],
])("a record %s is refused", async (_, text) => {
  const file = archiveOf([{ name: "records-000001.jsonl", text }]);
  await expect(checkArchive(file, signal)).rejects.toMatchObject(refused("ARCHIVE_DAMAGED"));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each([
  ["a status that there is none of", { status: "polished" }],
  ["version 0", { version: 0 }],
  ["a time that is no number", { changedAt: "yesterday" }],
  ["a payload that is no memory", { payload: { id: "x" } }],
])("a ledger row with %s is refused", async (_, change) => {
  const file = archiveOf([{ name: "ledger-000001.jsonl", text: lines(row("a", change)) }]);
  await expect(checkArchive(file, signal)).rejects.toMatchObject(refused("ARCHIVE_DAMAGED"));
});

test("an archive of a later version is refused as such, whatever else is new in it", async () => {
  const file = archiveOf([{ name: "novelty.bin", text: "?" }], { ...head, version: 2, more: true });
  await expect(checkArchive(file, signal)).rejects.toMatchObject(refused("ARCHIVE_TOO_NEW"));
});

test("kinds of parts come in their order", async () => {
  const file = archiveOf([
    { name: "records-000001.jsonl", text: lines({ collection: "c", id: "x", content: 1 }) },
    { name: "ledger-000001.jsonl", text: lines(row("a")) },
  ]);
  await expect(checkArchive(file, signal)).rejects.toMatchObject(refused("ARCHIVE_DAMAGED"));
});

test.each([
  [
    "bytes that are no text",
    (text: string) => Buffer.from(text.replace("a1", "caf\xe9"), "latin1"),
    "is not UTF-8",
  ],
  [
    "a name given twice",
    (text: string) => Buffer.from(text.replace("{", '{"memoryId":"b",')),
    'names "memoryId" twice',
  ],
])("a record with %s is refused, not altered", async (_, change, words) => {
  const content = change(lines(row("a1")));
  const files = [
    { name: "archive.json", content: Buffer.from(lines(head)) },
    { name: "ledger-000001.jsonl", content },
  ];
  const path = write(files.map((file) => tarFile(file, new Date(0))));
  await expect(checkArchive(path, signal)).rejects.toMatchObject({
    code: "ARCHIVE_DAMAGED",
    message: expect.stringContaining(words),
  });
});
