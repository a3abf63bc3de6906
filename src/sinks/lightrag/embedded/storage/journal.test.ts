import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { atOnce } from "../../../../kernel/util/pieces.ts";
import type { Change } from "./changes.ts";
import { Journal, readJournal } from "./journal.ts";

function change(key: string): Change {
  return { kind: "record", store: "full_docs", key, value: { content: key } };
}

async function opened(path: string): Promise<Journal> {
  const journal = await Journal.open(path, 0);
  onTestFinished(() => journal.close());
  return journal;
}

function changesIn(path: string): Change[] {
  const found: Change[] = [];
  atOnce(readJournal(path, (changes) => found.push(...changes)));
  return found;
}

test("a batch that comes in the very moment in which the one before is done is written too", async () => {
  const path = join(temporaryFolder(), "journal");
  const journal = await opened(path);
  const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);
  for (const key of keys) await journal.append([change(key)]);
  expect(changesIn(path)).toEqual(keys.map(change));
});

test("batches that come together are kept in their order", async () => {
  const path = join(temporaryFolder(), "journal");
  const journal = await opened(path);
  const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);
  await Promise.all(keys.map((key) => journal.append([change(key)])));
  expect(changesIn(path)).toEqual(keys.map(change));
});

test("a journal cut short at any byte gives back the whole batches before the cut", async () => {
  const path = join(temporaryFolder(), "journal");
  const journal = await opened(path);
  const keys = ["a", "b", "c"];
  for (const key of keys) await journal.append([change(key)]);
  const bytes = readFileSync(path);
  const copy = join(temporaryFolder(), "journal");
  for (let length = 0; length <= bytes.length; length++) {
    writeFileSync(copy, bytes.subarray(0, length));
    const whole = bytes.subarray(0, length).toString().split("\n").length - 1;
    expect(changesIn(copy)).toEqual(keys.slice(0, whole).map(change));
  }
});

test("vectors come back as they were", async () => {
  const path = join(temporaryFolder(), "journal");
  const journal = await opened(path);
  const vector = Float32Array.of(0.1, -2, 3e-7);
  const written: Change = {
    kind: "vector",
    store: "chunks",
    id: "c",
    entry: { payload: { content: "x" }, vector, createdAt: 1 },
  };
  const kept: Change = {
    kind: "vector",
    store: "chunks",
    id: "d",
    entry: { payload: {}, vector: null, createdAt: 1 },
  };
  await journal.append([written, kept]);
  expect(changesIn(path)).toEqual([written, kept]);
});
