import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { MemoryValueCache } from "../../src/kernel/util/value-cache.ts";
import { FileItemsSource } from "../../src/sources/files/file-items-source.ts";
import { filesSettings, toFilesConfig } from "../../src/sources/files/settings.ts";
import type { ListRequest, MemoryPage, MemorySource } from "../../src/sources/memory-source.ts";
import { temporaryFolder } from "./temp-folder.ts";

const never = new AbortController().signal;

type Settings = z.input<typeof filesSettings>;

/** A folder for files, and a source over those that the settings name. */
export function listedFiles(settings: Partial<Settings> & Pick<Settings, "path">) {
  const root = temporaryFolder();
  const values = new MemoryValueCache();
  const place = { folder: root, timezone: "Europe/Berlin" };
  const source = new FileItemsSource(toFilesConfig(filesSettings.parse(settings), place), values);
  const write = (name: string, content: string | Buffer) => writeFileSync(join(root, name), content);
  const list = (request: Partial<ListRequest> = {}) => listingOf(source, request);
  return { root, source, values, write, list };
}

/** What a source makes of one file. */
export async function readAsFile(name: string, content: string | Buffer, settings: Partial<Settings> = {}) {
  const { write, list } = listedFiles({ path: name, ...settings });
  write(name, content);
  return list();
}

/** A listing as a whole. */
export async function listingOf(source: MemorySource, request: Partial<ListRequest> = {}) {
  const pages: MemoryPage[] = [];
  const all: ListRequest = { contextId: "CTX", scope: { kind: "everything" }, limit: 100, ...request };
  for await (const page of source.list(all, never)) pages.push(page);
  const memories = pages.flatMap((page) => page.memories);
  return {
    pages,
    memories,
    ids: memories.map(({ id }) => id),
    texts: memories.map(({ transcript }) => transcript),
    times: memories.map(({ createdAt }) => createdAt),
    problems: pages.flatMap(({ malformed }) => malformed.flatMap(({ problems }) => problems)),
    malformed: pages.flatMap(({ malformed }) => malformed),
    deleted: pages.flatMap(({ deleted = [] }) => deleted),
    ambiguous: pages.flatMap(({ ambiguous = [] }) => ambiguous),
    truncated: pages.at(-1)?.truncated?.reason ?? null,
    lore: pages.at(-1)?.lore ?? null,
  };
}
