import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { awkwardDocuments, strategyNames } from "../../test/support/awkward-documents.ts";
import { awkwardMemories } from "../../test/support/awkward-memories.ts";

/** Gazetteer and tagger take a second to load, and several on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

/** A long document by its head and a digest, so that the snapshot can be read. Control characters are shown by their numbers. */
function shown({ fileSource, text }: { fileSource: string; text: string }): string {
  const document = `${fileSource}\n${text}`;
  const digest = createHash("sha256").update(document).digest("hex");
  const head =
    document.length < 3000
      ? document
      : `${document.slice(0, 1500)}\n… ${document.length} characters, SHA-256 ${digest}`;
  return head.replace(/[^\P{C}\n]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

test("there are twenty awkward memories", () => {
  expect(awkwardMemories).toHaveLength(20);
});

test.each(strategyNames)(
  "the awkward memories give these documents under the strategy %s",
  async (strategy) => {
    const documents = await awkwardDocuments(strategy, "CTX");
    const text = documents.map(shown).join(`\n${"=".repeat(80)}\n`);
    await expect(`${text}\n`).toMatchFileSnapshot(`./__snapshots__/${strategy}.txt`);
  },
);

test.each(strategyNames)(
  "the strategy %s gives the same bytes again, also of a memory that the ledger kept as JSON",
  async (strategy) => {
    const kept = await awkwardDocuments(strategy, "CTX", (memory) => JSON.parse(JSON.stringify(memory)));
    expect(kept).toEqual(await awkwardDocuments(strategy, "CTX"));
  },
);
