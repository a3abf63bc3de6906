import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MemoryValueCache } from "../../src/kernel/util/value-cache.ts";
import type { FileReader } from "../../src/sources/files-of-a-folder/file-reader.ts";
import { FolderSource } from "../../src/sources/files-of-a-folder/folder-source.ts";
import type { FolderOptions } from "../../src/sources/files-of-a-folder/settings.ts";
import { NoteReader } from "../../src/sources/folder/note-reader.ts";
import type { NoteOptions } from "../../src/sources/folder/settings.ts";
import type { ListScope } from "../../src/sources/memory-source.ts";
import { RecordingReader } from "../../src/sources/transcripts/recording-reader.ts";
import type { RecordingOptions } from "../../src/sources/transcripts/settings.ts";
import { listingOf } from "./source-listing.ts";
import { temporaryFolder } from "./temp-folder.ts";

/** When the files of a test are from, unless it says otherwise: long settled. */
const before = new Date("2026-03-01T08:15:00Z");

/** A folder of notes, and a source over it. */
export function notesFolder(options: Partial<NoteOptions> = {}) {
  const all = { ...common(), extensions: ["md", "txt"], maxFileBytes: 10_000, ...options };
  const folder = filesFolder(all, new NoteReader(all));
  /** The same folder once settings have been changed, as another process sees it. */
  const changedTo = (change: Partial<NoteOptions>) => {
    const changed = { ...all, ...change };
    const other = new FolderSource(changed, new NoteReader(changed), folder.values);
    return { list: (scope: ListScope = { kind: "everything" }) => listingOf(other, { scope }) };
  };
  return { ...folder, options: all, changedTo };
}

/** A folder of recordings, and a source over it; `clock` is what tells how long one waits for its text. */
export function recordingsFolder(options: Partial<RecordingOptions> = {}) {
  const all = { ...common(), waitForTextMs: 60_000, maxFileBytes: 1_000_000, ...options };
  const clock = { now: Date.parse("2026-04-01T00:00:00Z") };
  return { ...filesFolder(all, new RecordingReader(all, () => clock.now)), clock };
}

const common = () => ({
  root: temporaryFolder(),
  exclude: [],
  timeZone: "Europe/Berlin",
  encoding: null,
  watch: true,
  settleMs: 2_000,
});

function filesFolder(options: FolderOptions, reader: FileReader) {
  const { root } = options;
  const values = new MemoryValueCache();
  const source = new FolderSource(options, reader, values);
  const write = (path: string, content: string | Buffer = path, changedAt: Date | number = before) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    utimesSync(file, changedAt, changedAt);
  };
  const remove = (path: string) => rmSync(join(root, path), { recursive: true });
  const list = (scope: ListScope = { kind: "everything" }) => listingOf(source, { scope });
  /** The same folder as another process sees it. */
  const anotherProcess = () => {
    const other = new FolderSource(options, reader, values);
    return { list: (scope: ListScope) => listingOf(other, { scope }) };
  };
  const changes = (since: string) => list({ kind: "changes", since });
  return { root, source, write, remove, list, changes, anotherProcess, values };
}
