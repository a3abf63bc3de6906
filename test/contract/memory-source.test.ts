import { createHash } from "node:crypto";
import type { MalformedMemory } from "../../src/sources/memory.ts";
import type { MemoryApiSettings } from "../../src/sources/memory-api/memory-api-options.ts";
import { startSource } from "../support/memory-api-client.ts";
import type { ListingBehaviour } from "../support/memory-api-listing.ts";
import { ListedSource, memoryOf } from "../support/sync-harness.ts";
import { describeMemorySource, type MemorySourceHarness, type Shown } from "./memory-source-suite.ts";

const createdAt = (index: number) => new Date(Date.UTC(2026, 0, 1) - index * 60_000).toISOString();

function memoryApi(
  name: string,
  behaviour: ListingBehaviour = {},
  settings: Partial<MemoryApiSettings> = {},
): MemorySourceHarness {
  return {
    name: `the Memory API, ${name}`,
    async start() {
      const { api, client } = await startSource(behaviour, { maxRetries: 0, ...settings });
      const show = ({ good, broken = [] }: Shown) => {
        api.clear("CTX");
        api.put("CTX", ...good.map((memory, index) => ({ ...memory, created_at: createdAt(index) })));
        const items = broken.map((item) => JSON.stringify({ ...item, created_at: "soon" }));
        api.faultFor = ({ query }) =>
          items.length > 0 && query.cursor === undefined ? { kind: "raw-items", items } : undefined;
      };
      return { source: client, show };
    },
  };
}

const listed: MemorySourceHarness = {
  name: "the scripted one of the tests of sync",
  async start() {
    const source = new ListedSource();
    const show = ({ good, broken = [] }: Shown) => {
      source.memories = good.map(({ id, transcript }) => memoryOf(id, { transcript }));
      source.malformed = broken.map(malformed);
    };
    return { source, show };
  },
};

function malformed({ id, flaw }: { id: string; flaw: string }): MalformedMemory {
  const excerpt = JSON.stringify({ id, flaw });
  const fingerprint = createHash("sha256").update(excerpt).digest("hex");
  return { id, problems: [`it has the flaw ${flaw}`], excerpt, fingerprint };
}

describeMemorySource(memoryApi("in one answer"));
describeMemorySource(
  memoryApi("in pages", { paging: "cursor", cap: 10 }, { paging: "cursor", maxLimit: 10 }),
);
describeMemorySource(listed);
