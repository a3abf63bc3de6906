import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { MemoryValueCache } from "../../src/kernel/util/value-cache.ts";
import { FileItemsSource } from "../../src/sources/files/file-items-source.ts";
import { filesSettings, toFilesConfig } from "../../src/sources/files/settings.ts";
import type { ListRequest, MemorySource } from "../../src/sources/memory-source.ts";
import { listingOf } from "./source-listing.ts";
import { temporaryFolder } from "./temp-folder.ts";

type Settings = z.input<typeof filesSettings>;

/** A folder for files, and a source over those that the settings name. */
export function listedFiles(settings: Partial<Settings> & Pick<Settings, "path">) {
  const root = temporaryFolder();
  const values = new MemoryValueCache();
  const place = { folder: root, timezone: "Europe/Berlin" };
  const source = new FileItemsSource(toFilesConfig(filesSettings.parse(settings), place), values);
  const write = (name: string, content: string | Buffer) => writeFileSync(join(root, name), content);
  const list = (request: Partial<ListRequest> = {}) => listedItems(source, request);
  return { root, source, values, write, list };
}

/** What a source makes of one file. */
export async function readAsFile(name: string, content: string | Buffer, settings: Partial<Settings> = {}) {
  const { write, list } = listedFiles({ path: name, ...settings });
  write(name, content);
  return list();
}

/** A listing as a whole, by what tests of files look at. */
export async function listedItems(source: MemorySource, request: Partial<ListRequest> = {}) {
  const listing = await listingOf(source, request);
  return {
    ...listing,
    texts: listing.memories.map(({ transcript }) => transcript),
    times: listing.memories.map(({ createdAt }) => createdAt),
    truncated: listing.truncated?.reason ?? null,
  };
}
