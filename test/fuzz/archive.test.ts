import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tarEnd, tarFile } from "../../src/operations/archive/tar-files.ts";
import { checkArchive } from "../../src/operations/backup/restore-archive.ts";
import { pendingRow, processedRow, runOf, scheduleOf } from "../contract/state-manager-samples.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { fuzz } from "./support/fuzz.ts";
import { mutateBytes, mutateSample } from "./support/mutate.ts";
import type { Random } from "./support/random.ts";
import { json } from "./support/samples.ts";

const { signal } = new AbortController();
const line = (value: unknown) => Buffer.concat([json(value), Buffer.from("\n")]);

const head = line({
  format: "memory-connector-archive",
  version: 1,
  writtenBy: "1.0.0",
  createdAt: "2025-01-01T00:00:00.000Z",
  connectorId: null,
});

const parts: Readonly<Record<string, Buffer>> = {
  "archive.json": head,
  "ledger-000001.jsonl": Buffer.concat(
    [pendingRow({ memoryId: "a" }), processedRow({ memoryId: "b" })].map((row) =>
      line({ ...row, version: 1 }),
    ),
  ),
  "runs-000001.jsonl": line(runOf("r1")),
  "schedules-000001.jsonl": line(scheduleOf("notes")),
  "records-000001.jsonl": line({
    collection: "connector",
    id: "notes",
    content: { id: "notes", version: 1 },
  }),
};

fuzz("every archive is read or refused, whether its checksums are right or not", 0.08, () => {
  const path = join(temporaryFolder(), "archive.tar.gz");
  return async (random) => {
    const tar = tarOf(random);
    const bytes = random.chance(0.3) ? mutateBytes(random, tar, [tar]) : tar;
    const packed = gzipSync(bytes, { level: 1 });
    writeFileSync(path, random.chance(0.1) ? mutateBytes(random, packed, [packed]) : packed);
    await checkArchive(path, signal);
    return 1;
  };
});

/** With one part changed and a manifest that agrees with it, so that the checksums do not catch it. */
function tarOf(random: Random): Buffer {
  const changed = random.pick(Object.keys(parts));
  const files = Object.entries(parts).map(([name, content]) => ({
    name,
    content: name === changed ? mutateSample(random, [content]) : content,
  }));
  const listed = files.map(({ name, content }) => ({
    name,
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
    records: name === "archive.json" ? 0 : content.toString().split("\n").length - 1,
  }));
  const manifest = random.chance(0.1)
    ? mutateSample(random, [line({ files: listed })])
    : line({ files: listed });
  const all = [...files, { name: "manifest.json", content: manifest }];
  return Buffer.concat([...all.map((file) => tarFile(file, new Date(0))), tarEnd()]);
}
