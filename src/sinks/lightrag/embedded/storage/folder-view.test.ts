import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { systemClock } from "../../../../kernel/util/clock.ts";
import type { Change } from "./changes.ts";
import { Folder } from "./folder.ts";
import { type FolderView, openFolderView } from "./folder-view.ts";

const embedding = { id: "test", dimension: 4 };

test("a folder is read beside its writer, with what only the journal holds", async () => {
  const path = temporaryFolder();
  const writer = await opened(path);
  await writer.commit([document("in the files")]);
  await writer.checkpoint();
  await writer.commit([document("in the journal")]);
  expect(keysIn(await viewOf(path))).toEqual(["in the files", "in the journal"]);
});

test("a view keeps showing the moment in which it was opened while the writer goes on", async () => {
  const path = temporaryFolder();
  const writer = await opened(path);
  await writer.commit([document("a")]);
  await writer.checkpoint();
  const view = await viewOf(path);
  await writer.commit([document("b"), { kind: "record", store: "full_docs", key: "a", value: null }]);
  await writer.checkpoint();
  expect(view.stores.documents.get("a")).toMatchObject({ content: "text of a" });
  expect(keysIn(view)).toEqual(["a"]);
});

test("reading changes nothing: no lock, no settings, no shorter journal", async () => {
  const path = temporaryFolder();
  const writer = await Folder.open(path, embedding);
  await writer.commit([document("a")]);
  await writer.abandon();
  const before = picture(path);
  await viewOf(path);
  expect(picture(path)).toEqual(before);
});

test("views that are opened while checkpoints go on all show whole states", async () => {
  const path = temporaryFolder();
  const writer = await opened(path);
  const work = async () => {
    for (let i = 0; i < 40; i++) {
      await writer.commit([
        document(`doc-${i}`),
        { ...document(`doc-${i}`), store: "text_chunks" } as Change,
      ]);
      await writer.checkpoint();
    }
  };
  const look = async () => {
    for (let i = 0; i < 20; i++) {
      const { stores } = await viewOf(path);
      expect([...stores.chunks.keys()]).toEqual([...stores.documents.keys()]);
    }
  };
  await Promise.all([work(), look()]);
});

test("a folder that is not there is not made by looking for it", async () => {
  const path = join(temporaryFolder(), "nowhere");
  await expect(openFolderView(path, embedding)).rejects.toMatchObject({ code: "DIRECT_FOLDER_MISSING" });
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
});

test.each(["view", "folder"] as const)(
  "a wish to stop ends the opening of a %s before its next file",
  async (kind) => {
    const path = temporaryFolder();
    await (await Folder.open(path, embedding)).close();
    const descriptors = () => readdirSync("/proc/self/fd").length;
    const before = descriptors();
    const stop = new AbortController();
    const opening =
      kind === "view"
        ? openFolderView(path, embedding, stop.signal)
        : Folder.open(path, embedding, systemClock, stop.signal);
    // In the middle: the opening comes round to the event loop for each of its files.
    for (let turns = 0; turns < 4; turns += 1) await nextTurn();
    stop.abort();
    await expect(opening).rejects.toBe(stop.signal.reason);
    expect(descriptors()).toBe(before);
    await (await Folder.open(path, embedding)).close();
  },
);

async function opened(path: string): Promise<Folder> {
  const folder = await Folder.open(path, embedding);
  onTestFinished(() => folder.close());
  return folder;
}

async function viewOf(path: string): Promise<FolderView> {
  const view = await openFolderView(path, embedding);
  onTestFinished(() => view.close());
  return view;
}

function keysIn({ stores }: FolderView): string[] {
  return [...stores.documents.keys()];
}

function picture(path: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(path).map((name) => {
      const { mtimeMs } = statSync(join(path, name));
      return [name, `${mtimeMs} ${readFileSync(join(path, name), "utf8")}`];
    }),
  );
}

function document(key: string): Change {
  return {
    kind: "record",
    store: "full_docs",
    key,
    value: { content: `text of ${key}`, file_path: `${key}.txt` },
  };
}
