import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { notesFolder } from "../../../test/support/notes-folder.ts";
import { NoteReader } from "../folder/note-reader.ts";
import { FolderWatch } from "./watch-folder.ts";

const never = new AbortController().signal;

async function watched() {
  const { root, write, remove, options } = notesFolder();
  write("sub/a.md");
  const changed = vi.fn();
  const watch = new FolderWatch(options, new NoteReader(options), changed);
  onTestFinished(() => watch.close());
  expect(await watch.refresh(never)).toBeNull();
  return { root, write, remove, watch, changed };
}

test.each([
  ["a new note", "b.md"],
  ["a note below", "sub/a.md"],
  ["a recording", "sub/river.m4a"],
  ["a new folder", "new/deep/c.md"],
])("%s is told of", async (_, path) => {
  const { write, changed } = await watched();
  write(path, "changed");
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), { timeout: 10_000 });
});

test("what is no note is not told of", async () => {
  const { write, changed } = await watched();
  write("sub/.hidden.md");
  write("sub/b.sync-conflict.md");
  write("sub/x.tmp");
  write("sub/last.md");
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), { timeout: 10_000 });
  // The events of a folder come in order: one write of a file gives some.
  const { length } = changed.mock.calls;
  write("sub/another.tmp");
  write("sub/last.md", "again");
  await vi.waitFor(() => expect(changed.mock.calls.length).toBeGreaterThan(length), { timeout: 10_000 });
});

test("folders that come are watched after a refresh, and those that go are not", async () => {
  const { root, write, remove, watch, changed } = await watched();
  expect(watch.size).toBe(2);
  mkdirSync(join(root, "new"));
  expect(await watch.refresh(never)).toBeNull();
  expect(watch.size).toBe(3);
  changed.mockClear();
  write("new/b.md");
  await vi.waitFor(() => expect(changed).toHaveBeenCalled(), { timeout: 10_000 });
  remove("sub");
  await watch.refresh(never);
  expect(watch.size).toBe(2);
  rmSync(root, { recursive: true });
  expect(await watch.refresh(never)).toBe("ENOENT");
});
