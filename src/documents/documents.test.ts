import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { awkwardMemories } from "../../test/support/awkward-memories.ts";
import { documentsUnder, groupDocumentUnder, strategyNames } from "../../test/support/documents-under.ts";
import { naturalMemories, notesOfOneDay } from "../../test/support/natural-memories.ts";
import type { Memory } from "../domain/memory.ts";

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

test("there are twenty awkward memories, and twenty natural ones", () => {
  expect([awkwardMemories.length, naturalMemories.length]).toEqual([20, 20]);
});

const between = `\n${"=".repeat(80)}\n`;

test.each(strategyNames)(
  "the awkward memories give these documents under the strategy %s",
  async (strategy) => {
    const documents = await documentsUnder(strategy, "CTX", awkwardMemories);
    const text = documents.map(shown).join(between);
    await expect(`${text}\n`).toMatchFileSnapshot(`./__snapshots__/${strategy}.txt`);
  },
);

test.each(["standard", "rich"])(
  "the natural memories, and a group of notes, give these documents under the strategy %s",
  async (strategy) => {
    const documents = [
      ...(await documentsUnder(strategy, "CTX", naturalMemories)),
      await groupDocumentUnder(strategy, "CTX", notesOfOneDay),
    ];
    const text = documents.map(shown).join(between);
    await expect(`${text}\n`).toMatchFileSnapshot(`./__snapshots__/natural-${strategy}.txt`);
  },
);

test.each(strategyNames)(
  "the strategy %s gives the same bytes again, also of a memory that the ledger kept as JSON",
  async (strategy) => {
    const kept = (memory: Memory) => JSON.parse(JSON.stringify(memory));
    expect(await documentsUnder(strategy, "CTX", awkwardMemories, kept)).toEqual(
      await documentsUnder(strategy, "CTX", awkwardMemories),
    );
  },
);
