import { createHash } from "node:crypto";
import type { MalformedMemory } from "../../src/domain/memory.ts";
import type { HttpJsonDeclaration } from "../../src/sources/http-json/declaration.ts";
import { InMemorySource } from "../../src/sources/in-memory/in-memory-source.ts";
import type { MemoryApiSettings } from "../../src/sources/memory-api/memory-api-options.ts";
import { PushSource } from "../../src/sources/push/push-source.ts";
import { joplinWorld } from "../support/joplin-world.ts";
import { declared, JsonListServer, jsonListSource } from "../support/json-list-server.ts";
import { listedFiles } from "../support/listed-files.ts";
import { startSource } from "../support/memory-api-client.ts";
import type { ListingBehaviour } from "../support/memory-api-listing.ts";
import { memosVersions } from "../support/memos-double.ts";
import { memosWorld } from "../support/memos-world.ts";
import { notesFolder, recordingsFolder } from "../support/notes-folder.ts";
import { limitlessWorld, omiWorld } from "../support/omi-world.ts";
import { ListedSource, memoryOf } from "../support/sync-harness.ts";
import { describeMemorySource, type MemorySourceHarness, type Shown } from "./memory-source-suite.ts";
import { addBroken, named, type ServedSourceHarness } from "./served-source-suite.ts";
import { makeStore } from "./state-manager-store.ts";

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

function inMemory(name: string, pageSize?: number): MemorySourceHarness {
  return {
    name: `in memory, ${name}`,
    async start() {
      const source = new InMemorySource(pageSize === undefined ? {} : { pageSize });
      source.open("CTX");
      const shown = new Map<string, string>();
      const show = ({ good, broken = [] }: Shown) => {
        const wanted = new Map(good.map(({ id, transcript }) => [id, transcript]));
        source.delete("CTX", ...Array.from(shown.keys()).filter((id) => !wanted.has(id)));
        source.putBroken("CTX", ...broken.map(malformed));
        const isChanged = (id: string) =>
          shown.get(id) !== wanted.get(id) || broken.some((item) => item.id === id);
        const changed = good.filter(({ id }) => isChanged(id));
        source.put("CTX", ...changed.map(({ id, transcript }) => memoryOf(id, { transcript })));
        shown.clear();
        for (const [id, transcript] of [...wanted, ...broken.map(({ id }) => [id, ""] as const)])
          shown.set(id, transcript);
      };
      return { source, show };
    },
  };
}

function push(name: string, pageSize: number): MemorySourceHarness {
  return {
    name: `what is sent, ${name}`,
    isNeverBroken: true,
    async start() {
      const state = await makeStore("json").open();
      const scope = { connectorId: "apps", contextId: "CTX" };
      const source = new PushSource({ connectorId: scope.connectorId, pushed: state.pushed, pageSize });
      let shown: readonly string[] = [];
      const show = async ({ good }: Shown) => {
        const ids = good.map(({ id }) => id);
        const gone = shown.filter((id) => !ids.includes(id)).map((id) => ({ deleted: id }));
        const sent = good.map(({ id, transcript }) => ({ memory: memoryOf(id, { transcript }) }));
        await state.pushed.take(scope, [...gone, ...sent], 1);
        shown = ids;
      };
      return { source, show };
    },
  };
}

const folder = ofFiles("a folder of notes", () => notesFolder({ settleMs: 0 }), filesOf);
const recordings = ofFiles("a folder of recordings", () => recordingsFolder({ settleMs: 0 }), textsOf);

/** A folder that has the files that `filesOf` makes of what is shown. */
function ofFiles(
  name: string,
  open: () => Pick<ReturnType<typeof notesFolder>, "source" | "write" | "remove">,
  filesOf: (shown: Shown) => Map<string, Buffer>,
): MemorySourceHarness {
  const start = async () => {
    const { source, write, remove } = open();
    let shown = new Map<string, Buffer>();
    const show = (wanted: Shown) => {
      const files = filesOf(wanted);
      for (const path of shown.keys()) if (!files.has(path)) remove(path);
      for (const [path, content] of files) if (!shown.get(path)?.equals(content)) write(path, content);
      shown = files;
    };
    return { source, show };
  };
  return { name, start };
}

/** A broken text beside a good one is passed over. */
function textsOf({ good, broken = [] }: Shown): Map<string, Buffer> {
  const cue = (text: string) => Buffer.from(`1\n00:00:00,000 --> 00:00:02,000\n${text}\n`);
  return new Map([
    ...good.map(({ id, transcript }) => [`${id}.srt`, cue(transcript)] as const),
    ...broken.map(({ id, flaw }) => [`${id}.txt`, Buffer.from(`${flaw}\xff`, "latin1")] as const),
  ]);
}

function filesOf({ good, broken = [] }: Shown): Map<string, Buffer> {
  const note = (id: string, text: string) =>
    Buffer.from(`---\nid: ${id}\ncreated: ${createdAt(Number(id.slice(1)) || 0)}\n---\n${text}`, "latin1");
  return new Map([
    ...good.map(({ id, transcript }) => [`${id}.md`, note(id, transcript)] as const),
    ...broken.map(({ id, flaw }) => [`broken ${id}.md`, note(id, `${flaw}\xff`)] as const),
  ]);
}

function files(name: string, text: (items: readonly object[]) => string): MemorySourceHarness {
  return {
    name: `files, ${name}`,
    async start() {
      const { source, write } = listedFiles({ path: "notes" });
      const show = ({ good, broken = [] }: Shown) =>
        write(
          "notes",
          text([
            ...broken.map(({ id, flaw }) => ({ id, at: "soon", transcript: flaw })),
            ...good.map(({ id, transcript }, index) => ({ id, at: createdAt(index), transcript })),
          ]),
        );
      show({ good: [] });
      return { source, show };
    },
  };
}

const csvRow = (item: object) => Object.values(item).join(";");

/** A source with a server, whose ids are not those of the suite. */
function served(name: string, start: ServedSourceHarness["start"]): MemorySourceHarness {
  return {
    name,
    async start() {
      const { world, source } = await start();
      let shown = new Map<string, string>();
      const show = ({ good, broken = [] }: Shown) => {
        const wanted = new Map(good.map(({ id, transcript }) => [id, transcript]));
        for (const id of shown.keys()) if (!wanted.has(id)) world.delete(id);
        for (const [index, [id, text]] of [...wanted].entries())
          if (shown.get(id) !== text) world.put(id, text, Date.parse(createdAt(index)));
        addBroken(world, broken);
        shown = wanted;
      };
      return { source: named(source, world), show };
    },
  };
}

function jsonList(name: string, paging: HttpJsonDeclaration["paging"]): MemorySourceHarness {
  return {
    name: `a declared list, ${name}`,
    async start() {
      const server = await new JsonListServer().start();
      const source = jsonListSource(server.url, { ...declared, paging });
      const show = ({ good, broken = [] }: Shown) => {
        server.items = [
          ...broken.map((item) => ({ ...item, at: "soon" })),
          ...good.map(({ id, transcript }, index) => ({ id, text: transcript, at: createdAt(index) })),
        ];
      };
      return { source, show };
    },
  };
}

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
describeMemorySource(recordings);
describeMemorySource(folder);
describeMemorySource(served("Joplin", () => joplinWorld()));
describeMemorySource(served("Joplin, in small pages", () => joplinWorld({}, 10)));
for (const version of memosVersions)
  describeMemorySource(served(`Memos ${version}`, () => memosWorld(version, {}, 10)));
describeMemorySource(served("Omi", () => omiWorld(["conversations", "memories"], 10)));
describeMemorySource(served("Limitless", () => limitlessWorld()));
describeMemorySource(jsonList("in one answer", {}));
describeMemorySource(jsonList("in pages", { style: "page", size_parameter: "size", size: 10 }));
describeMemorySource(
  jsonList("by cursors", { style: "cursor", size_parameter: "size", size: 10, next: "meta.next" }),
);
describeMemorySource(
  files("a line each", (items) => items.map((item) => `${JSON.stringify(item)}\n`).join("")),
);
describeMemorySource({
  ...files("one list", (items) => JSON.stringify({ notes: items })),
  tellsTwins: true,
});
describeMemorySource({
  ...files("a table", (items) => ["id;at;transcript", ...items.map(csvRow)].join("\n")),
  tellsTwins: true,
});
describeMemorySource(inMemory("on one page"));
describeMemorySource(inMemory("on many pages", 4));
describeMemorySource(push("on one page", 500));
describeMemorySource(push("on many pages", 4));
