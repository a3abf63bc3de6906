import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { ConnectorError } from "../../src/kernel/errors/connector-error.ts";
import type { MemorySource } from "../../src/sources/memory-source.ts";
import {
  type FakeAnswer,
  type FakeRequest,
  type FakeServer,
  type Fault,
  send,
} from "../support/fake-server.ts";
import { listingOf } from "../support/source-listing.ts";

/** What the server of a source holds, changed by names that stand for ids. */
export interface ServedWorld {
  server: FakeServer;
  /** Adds or changes; at this time, to the second, or at the one before. */
  put(name: string, text: string, at?: number): void;
  delete(name: string): void;
  idOf(name: string): string;
  /** An item that is no memory. */
  broken(name: string, flaw: string): object;
  /** Puts items among the others, which count in the list; where that is left out, they are added to its answers. */
  putBroken?(items: readonly object[]): void;
  /** What the server changes by itself, and no memory is to show. */
  stir(): void;
  /** Puts another item in the place of one. */
  spoil(name: string, change: (item: Record<string, unknown>) => object): void;
  /** No key is accepted any more, until what it returns is called. */
  revokeKeys(): () => void;
  /** Whether a request asks for a page of memories. */
  isList(request: FakeRequest): boolean;
  /** The items in the JSON of a list. */
  itemsOf(body: unknown): unknown[];
  /** The field with the time of making. */
  timeField: string;
  /** An item with another text. */
  withText(item: Record<string, unknown>, text: unknown): object;
}

export interface ServedSourceHarness {
  name: string;
  /** Ends with the test. `another` is a source over the same server, as another process has it. */
  start(): Promise<{ world: ServedWorld; source: MemorySource; another(): MemorySource; key: string }>;
}

const second = 1_000;
const noon = Date.UTC(2026, 2, 1, 12);
const names = (count: number, prefix = "m") => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const reset = (response: ServerResponse) => void response.destroy();
const silence = () => {};
const circle = (response: ServerResponse) =>
  void response.writeHead(302, { location: response.req.url }).end();
const half = (response: ServerResponse, { body }: FakeAnswer) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(text.slice(0, text.length / 2));
};
const cutOff = (response: ServerResponse, genuine: FakeAnswer) => {
  const text = JSON.stringify(genuine.body);
  response.writeHead(200, { "content-type": "application/json", "content-length": String(text.length) });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
};
const json = (body: string): Fault => ({
  status: 200,
  body,
  headers: { "content-type": "application/json" },
});
const page = "<!doctype html><html><title>Sign in</title><form action=/login></form></html>";
const html = (status: number, headers = {}): Fault => ({
  status,
  body: page,
  headers: { "content-type": "text/html", ...headers },
});
const trace = `{"error":"Bad field: \\n\\nError: Bad field\\n    at Api.route (/usr/lib/server/Api.js:144:14)"}`;

/** Answers that no request deserves, and the code of the error that says so. */
const awkward: readonly [string, Fault, RegExp][] = [
  ["a page to sign in", html(200), /^SOURCE_BAD_ANSWER$/],
  ["a redirect to another host", html(302, { location: "https://login.example/" }), /^SOURCE_REDIRECTED$/],
  ["a redirect to itself", circle, /^SOURCE_REDIRECTED$/],
  ["an error of a proxy", html(502), /^SOURCE_UNAVAILABLE$/],
  ["an error of its own", { status: 500, body: { error: "no" } }, /^SOURCE_UNAVAILABLE$/],
  ["a closed door", { status: 401, body: "no" }, /^SOURCE_UNAUTHORIZED$/],
  ["a refusal", { status: 403, body: "no" }, /^SOURCE_(UNAUTHORIZED|FORBIDDEN)$/],
  ["nothing at its address", html(404), /^SOURCE_(BAD_ANSWER|CONTEXT_NOT_FOUND)$/],
  ["a complaint with a stack trace", { status: 400, body: trace }, /^SOURCE_(REFUSED|BAD_ANSWER)$/],
  ["a teapot", { status: 418, body: "short and stout" }, /^SOURCE_REFUSED$/],
  ["too many requests", { status: 429, body: "slower" }, /^SOURCE_RATE_LIMITED$/],
  ["half of its JSON", half, /^SOURCE_BAD_ANSWER$/],
  ["a connection that breaks in the middle", cutOff, /^SOURCE_UNREACHABLE$/],
  ["a connection that breaks at once", reset, /^SOURCE_UNREACHABLE$/],
  ["silence", silence, /^SOURCE_TIMEOUT$/],
  ["an empty body", json(""), /^SOURCE_BAD_ANSWER$/],
  ["no content", { status: 204, body: "" }, /^SOURCE_BAD_ANSWER$/],
  ["null", json("null"), /^SOURCE_BAD_ANSWER$/],
  ["a text", json('"ok"'), /^SOURCE_BAD_ANSWER$/],
  ["a number", json("7"), /^SOURCE_BAD_ANSWER$/],
  ["an object of another kind", json('{"status":"ok"}'), /^SOURCE_BAD_ANSWER$/],
  ["its list in another form", json('{"items":{},"memos":{},"data":{"lifelogs":{}}}'), /^SOURCE_BAD_ANSWER$/],
  [
    "bytes that are no text",
    { status: 200, body: Buffer.from('{"items":["\xff"]}', "latin1") },
    /^SOURCE_BAD_ANSWER$/,
  ],
  ["a list in a list in a list", json(`${"[".repeat(5_000)}${"]".repeat(5_000)}`), /^SOURCE_BAD_ANSWER$/],
  [
    "what it calls gzip",
    { status: 200, body: "{}", headers: { "content-encoding": "gzip" } },
    /^SOURCE_BAD_ANSWER$/,
  ],
];

/** What may be wrong with an item; the others are not to suffer from it. */
const brokenItems: readonly [string, (item: Record<string, unknown>, world: ServedWorld) => unknown][] = [
  ["null", () => null],
  ["a number", () => 7],
  ["a list", () => []],
  ["without anything", () => ({})],
  ["without an id", ({ id: _, name: __, ...item }) => item],
  ["with an id that is no text", (item) => ({ ...item, ...("name" in item ? { name: {} } : { id: {} }) })],
  ["with a text that is none", (item, { withText }) => withText(item, { a: 1 })],
  ["with half a character", (item, { withText }) => withText(item, "half \ud83d")],
  ["with a time that is none", (item, { timeField }) => ({ ...item, [timeField]: "soon", started_at: null })],
];

/** The same source, with the names of the test for ids. */
export function named(source: MemorySource, world: Pick<ServedWorld, "idOf">): MemorySource {
  const names = new Map<string, string>();
  const nameOf = (id: string) => names.get(id) ?? id;
  const note = (name: string) => names.set(world.idOf(name), name);
  for (const name of [...Array.from({ length: 30 }, (_, n) => `m${n}`), "x", "y"]) note(name);
  return {
    capabilities: source.capabilities,
    async *list(request, signal) {
      for await (const page of source.list(request, signal)) {
        yield {
          ...page,
          memories: page.memories.map((memory) => ({ ...memory, id: nameOf(memory.id) })),
          malformed: page.malformed.map((item) => ({
            ...item,
            id: item.id === null ? null : nameOf(item.id),
          })),
          ...(page.deleted && { deleted: page.deleted.map(nameOf) }),
        };
      }
    },
    check: (contextId, signal) => source.check(contextId, signal),
    download: (request, path, signal) =>
      source.download({ ...request, memoryId: world.idOf(request.memoryId) }, path, signal),
    close: () => source.close(),
  };
}

/** Makes a server show these items beside its own, on every page. */
export function addBroken(world: ServedWorld, broken: readonly { id: string; flaw: string }[]): void {
  const items = broken.map(({ id, flaw }) => world.broken(id, flaw));
  if (world.putBroken !== undefined) {
    world.putBroken(items);
    return;
  }
  world.server.faultFor = (request) =>
    broken.length === 0 || !world.isList(request)
      ? undefined
      : (response, genuine) => {
          const body = structuredClone(genuine.body);
          world.itemsOf(body).push(...items);
          send(response, { ...genuine, body });
        };
}

/** Calls `happens` before each page of memories, with its number from 1. */
function beforeEachPage(world: ServedWorld, happens: (number: number) => unknown): void {
  let pages = 0;
  world.server.beforeAnswer = (request) => {
    if (!world.isList(request)) return;
    pages += 1;
    happens(pages);
  };
}

/** What sources with a server promise beyond the contract of all sources. */
export function describeServedSource(harness: ServedSourceHarness): void {
  describe(`a source with a server: ${harness.name}`, () => {
    it("shows 1,200 memories, each once, although all of them are of one second", async () => {
      const { world, source } = await harness.start();
      for (const name of names(1_200)) world.put(name, `says ${name}`, noon);
      const { ids, truncated } = await listingOf(source);
      expect([ids.length, new Set(ids).size, truncated]).toEqual([1_200, 1_200, null]);
    });

    it.each([1, 2, 3])(
      "misses nothing that is there throughout, whatever happens from page %i on",
      async (from) => {
        const { world, source } = await harness.start();
        const all = names(800);
        for (const [index, name] of all.entries()) world.put(name, `says ${name}`, noon + index * second);
        const happens = [
          () => names(150).forEach((name) => void world.delete(name)),
          () => names(150, "new").forEach((name) => void world.put(name, "is new", noon + 3_600 * second)),
          () => all.slice(650, 700).forEach((name) => void world.delete(name)),
          () => world.put("m200", "says something else"),
        ];
        beforeEachPage(world, (number) => happens[number - from]?.());
        const { ids } = await listingOf(source);
        expect(new Set(ids).size).toBe(ids.length);
        const missed = [...all.slice(150, 650), ...all.slice(700)].filter(
          (name) => !ids.includes(world.idOf(name)),
        );
        expect(missed).toEqual([]);
      },
    );

    it("is empty when its server is, and says that this is all", async () => {
      const { source } = await harness.start();
      const { pages, memories, truncated } = await listingOf(source);
      expect([pages.length > 0, memories, truncated]).toEqual([true, [], null]);
    });

    it("refuses a wrong key, in a list and in a check, even if its server answers it", async () => {
      const { world, source, key } = await harness.start();
      for (const name of names(3)) world.put(name, "text", noon);
      world.revokeKeys();
      const check = () => source.check("CTX", new AbortController().signal);
      for (const ask of [() => listingOf(source), check]) {
        const error = await ask().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
        expect((error as ConnectorError).hint).toMatch(/source\.\w+/u);
        expect(JSON.stringify(error) + String(error)).not.toContain(key);
      }
    });

    it("never takes the rest for gone when its key is revoked in the middle of a walk", async () => {
      const { world, source } = await harness.start();
      for (const [index, name] of names(800).entries()) world.put(name, "text", noon + index * second);
      beforeEachPage(world, (number) => number === 2 && void world.revokeKeys());
      const listed = await listingOf(source).then(
        ({ truncated }) => truncated,
        ({ code }) => code,
      );
      expect(listed).toBe("SOURCE_UNAUTHORIZED");
    });

    it("goes on in another process where a walk was interrupted, and shows the rest", async () => {
      const { world, source, another } = await harness.start();
      const all = names(800);
      for (const [index, name] of all.entries()) world.put(name, "text", noon + index * second);
      const { pages } = await listingOf(source);
      const middle = pages.findIndex(({ resume }, index) => index > 0 && resume !== undefined);
      if (middle === -1) return expect(pages.every(({ resume }) => resume === undefined)).toBe(true);
      const rest = await listingOf(another(), { resume: pages[middle]?.resume ?? "" });
      const shown = pages.slice(0, middle + 1).flatMap(({ memories }) => memories.map(({ id }) => id));
      expect(new Set([...shown, ...rest.ids]).size).toBe(800);
      expect(rest.ids.length).toBeLessThan(800);
    });

    it("shows what comes late with an old time", async () => {
      const { world, source } = await harness.start();
      world.put("one", "text", noon);
      await listingOf(source);
      world.put("late", "from long ago", Date.UTC(2019, 0, 1));
      expect((await listingOf(source)).ids).toContain(world.idOf("late"));
    });

    it("shows the same while only what the server does by itself changes", async () => {
      const { world, source } = await harness.start();
      for (const name of names(5)) world.put(name, `says ${name}`, noon);
      const before = await listingOf(source);
      world.stir();
      expect((await listingOf(source)).memories).toEqual(before.memories);
    });

    it("carries every character, and times to the second in UTC", async () => {
      const { world, source } = await harness.start();
      const text = "Äpfel 🍏 أهلا \u{1F469}\u200D\u{1F33E} e\u0301";
      world.put("one", text, noon);
      const [memory] = (await listingOf(source)).memories;
      expect(memory?.transcript).toContain(text);
      expect(memory?.createdAt).toBe("2026-03-01T12:00:00.000Z");
    });

    it.each(awkward)("has one clear error for %s instead of a list", async (_, fault, code) => {
      const { world, source, key } = await harness.start();
      world.put("one", "text", noon);
      world.server.faultFor = (request) => (world.isList(request) ? fault : undefined);
      const error = (await listingOf(source).then(
        () => null,
        (thrown: unknown) => thrown,
      )) as ConnectorError;
      expect(error).toBeInstanceOf(ConnectorError);
      expect(error.code).toMatch(code);
      expect(error.message).not.toMatch(/\n|Api\.js|<html/u);
      expect(JSON.stringify(error) + error.message + error.hint).not.toContain(key);
    });

    it.each(awkward)("has one clear error for %s to any request of a check", async (_, fault, code) => {
      const { world, source } = await harness.start();
      world.server.faultFor = () => fault;
      const error = await source.check("CTX", new AbortController().signal).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ConnectorError);
      expect((error as ConnectorError).code).toMatch(code);
    });

    it.each([
      ["an error of its own", { status: 500, body: "" }],
      ["a connection that breaks", reset],
      ["half of its JSON", half],
    ] as [string, Fault][])("tries again after %s", async (_, fault) => {
      const { world, source } = await harness.start();
      world.put("one", "text", noon);
      const failed = new Set<string>();
      world.server.faultFor = ({ url }) => {
        if (failed.has(url.href)) return undefined;
        failed.add(url.href);
        return fault;
      };
      expect((await listingOf(source)).ids).toEqual([world.idOf("one")]);
    });

    it.each(brokenItems)("carries an item %s as what it is, beside the others", async (_, spoil) => {
      const { world, source } = await harness.start();
      for (const name of names(3)) world.put(name, "text", noon);
      world.server.faultFor = (request) => {
        if (!world.isList(request) || request.method !== "GET") return undefined;
        return (response, genuine) => {
          const body = structuredClone(genuine.body);
          const items = world.itemsOf(body);
          const at = items.findIndex((item) =>
            JSON.stringify(item).includes(world.idOf("m1").replace(/^.*:/u, "")),
          );
          if (at !== -1) items[at] = spoil(items[at] as Record<string, unknown>, world);
          send(response, { ...genuine, body });
        };
      };
      const { ids, malformed } = await listingOf(source);
      expect(ids.toSorted()).toEqual([world.idOf("m0"), world.idOf("m2")].toSorted());
      expect(malformed.map(({ problems }) => problems.length > 0)).toEqual([true]);
    });

    it("takes one of two forms of a memory, and says so, when an answer has it twice", async () => {
      const { world, source } = await harness.start();
      for (const name of names(2)) world.put(name, "text", noon);
      world.server.faultFor = (request) =>
        world.isList(request)
          ? (response, genuine) => {
              const body = structuredClone(genuine.body);
              const items = world.itemsOf(body) as Record<string, unknown>[];
              const [first] = items;
              if (first !== undefined) items.push({ ...first, ...world.withText(first, "another text") });
              send(response, { ...genuine, body });
            }
          : undefined;
      const { ids, pages } = await listingOf(source);
      expect(new Set(ids).size).toBe(ids.length);
      expect(pages.flatMap(({ ambiguous = [] }) => ambiguous)).toHaveLength(1);
    });
  });
}
