import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConnectorError } from "../../src/kernel/errors/connector-error.ts";
import type { ListRequest, MemoryPage, MemorySource } from "../../src/sources/memory-source.ts";
import type { SourceCapabilities } from "../../src/sources/source-capabilities.ts";

/** A folder of texts for each context; a file is a memory, its name `2026-01-31 anything.txt`. */
export class TinySource implements MemorySource {
  readonly capabilities: SourceCapabilities = {
    consistency: "snapshot",
    since: { by: "none", isReliable: true, granularityMs: 0 },
    deletes: "diff",
    complete: "yes",
    identity: "refusal",
    clock: "utc",
    version: "none",
    media: [],
  };
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async *list({ contextId }: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const page = { memories: [], malformed: [], truncated: null };
    for (const name of await this.#names(contextId)) {
      signal.throwIfAborted();
      const transcript = await readFile(join(this.#folder, contextId, name), "utf8");
      const createdAt = `${name.slice(0, 10)}T00:00:00Z`;
      const plain = { type: "note", audio: false, image: false, location: null, tags: [] };
      yield {
        ...page,
        memories: [{ ...plain, id: name, transcript, createdAt, updatedAt: null, title: null }],
      };
    }
    yield page;
  }

  async check(contextId: string) {
    await this.#names(contextId);
    return { server: this.#folder, version: null, account: null, capabilities: this.capabilities };
  }

  async download(): Promise<never> {
    throw new ConnectorError("MEDIA_NOT_FOUND", "texts have no media");
  }

  async close(): Promise<void> {}

  async #names(contextId: string): Promise<string[]> {
    const names = await readdir(join(this.#folder, contextId)).catch((cause: unknown) => {
      throw new ConnectorError("SOURCE_CONTEXT_NOT_FOUND", `no folder ${contextId}`, { cause });
    });
    return names.filter((name) => /^\d{4}-\d\d-\d\d .*\.txt$/u.test(name)).sort();
  }
}
