import { describe, expect, it, test } from "vitest";
import {
  declared,
  type Item,
  JsonListServer,
  jsonListSource,
  pagesOf,
} from "../../../test/support/json-list-server.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import type { Memory } from "../../domain/memory.ts";
import type { ListScope, MemoryPage, SourceLore } from "../memory-source.ts";
import { completeDeclaration, type HttpJsonDeclaration } from "./declaration.ts";

const never = new AbortController().signal;
const note = (n: number, more: object = {}): Item => ({
  id: `n${n}`,
  text: `says ${n}`,
  at: "2026-03-01T08:15:00Z",
  ...more,
});
const notes = (count: number) => Array.from({ length: count }, (_, n) => note(n));
const idsOf = (pages: readonly MemoryPage[]) => pages.flatMap(({ memories }) => memories.map(({ id }) => id));
const endOf = (pages: readonly MemoryPage[]) => pages.at(-1)?.truncated?.reason ?? null;

async function serverWith(items: Item[], change: Partial<JsonListServer> = {}): Promise<JsonListServer> {
  const server = Object.assign(await new JsonListServer().start(), change);
  server.items = items;
  return server;
}

const styles: [string, HttpJsonDeclaration["paging"]][] = [
  ["none", {}],
  ["page", { style: "page", size_parameter: "size", size: 100 }],
  ["page, with a flag", { style: "page", size_parameter: "size", size: 100, more: "meta.more" }],
  ["offset", { style: "offset", size_parameter: "size", size: 100 }],
  ["cursor", { style: "cursor", size_parameter: "size", size: 100, next: "meta.next" }],
  ["link", { style: "link", size_parameter: "size", size: 100, next: "meta.link" }],
];

describe.each(styles)("a declared list that pages by %s", (style, paging) => {
  it("is shown whole: 1,050 items, all of the same second", async () => {
    const server = await serverWith(notes(1_050));
    const pages = await pagesOf(jsonListSource(server.url, { ...declared, paging }));
    expect(idsOf(pages)).toEqual(server.items.map(({ id }) => id));
    expect(endOf(pages)).toBeNull();
    expect(pages.at(-1)?.mayHaveDrifted).toBe(style !== "none");
  });

  it("shows each once while items are inserted, and says that it may have drifted", async () => {
    const server = await serverWith(notes(450));
    server.onList = (count) => {
      if (count > 0) server.items = [note(1_000 + count), ...server.items];
    };
    const pages = await pagesOf(jsonListSource(server.url, { ...declared, paging }));
    const ids = idsOf(pages);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(notes(450).map(({ id }) => id)));
    expect(endOf(pages)).toBeNull();
  });

  it("is at rest whole again after items were deleted while it was read", async () => {
    const server = await serverWith(notes(450));
    server.onList = (count) => {
      if (count === 2) server.items = server.items.slice(20);
    };
    const source = jsonListSource(server.url, { ...declared, paging });
    const first = await pagesOf(source);
    expect(endOf(first)).toBeNull();
    if (style !== "none") expect(first.at(-1)?.mayHaveDrifted).toBe(true);
    const second = await pagesOf(source);
    expect(idsOf(second)).toEqual(server.items.map(({ id }) => id));
  });
});

test.each(styles.slice(1, 5))("a walk by %s goes on where it was interrupted", async (_, paging) => {
  const server = await serverWith(notes(450));
  const source = jsonListSource(server.url, { ...declared, paging });
  const pages = await pagesOf(source);
  const resume = pages[1]?.resume ?? "";
  expect(idsOf(await pagesOf(source, { resume }))).toEqual(server.items.slice(200).map(({ id }) => id));
  server.failures = [400];
  expect(idsOf(await pagesOf(source, { resume }))).toHaveLength(450);
});

describe("an item", () => {
  async function memoryOf(
    item: object,
    declaration: HttpJsonDeclaration,
    timeZone = "UTC",
  ): Promise<Memory | undefined> {
    const server = await serverWith([], { raw: JSON.stringify([item]) });
    const source = jsonListSource(server.url, { ...declaration, auth: { name: "x-api-key" } }, { timeZone });
    return (await pagesOf(source))[0]?.memories[0];
  }

  it("is read by the declared paths, each the first that leads to something", async () => {
    const item = {
      key: { uuid: "ü/🍏 a" },
      title: null,
      name: "River",
      parts: [{ text: "Met Ada." }, { text: "At the river." }],
      note: "for the garden",
      when: "01.03.2026 09:15",
      geo: { latitude: "50,7374", longitude: 7.0982 },
      labels: [{ name: "b" }, { name: "a" }],
      "a.b": "https://x.example/1",
    };
    const fields = {
      id: ["key.uuid"],
      title: ["title", "name"],
      text: ["parts.text", "note"],
      created_at: ["when"],
      lat: ["geo.latitude"],
      lon: ["geo.longitude"],
      tags: ["labels.name"],
      url: ["a.b"],
    };
    expect(await memoryOf(item, { fields, time_format: "dd.MM.yyyy HH:mm" }, "Europe/Berlin")).toEqual({
      id: "ü/🍏 a",
      type: "note",
      audio: false,
      image: false,
      transcript: "Met Ada.\n\nAt the river.\n\nfor the garden",
      location: { lat: 50.7374, lon: 7.0982 },
      createdAt: "2026-03-01T08:15:00.000Z",
      updatedAt: null,
      title: "River",
      tags: ["a", "b"],
      url: "https://x.example/1",
    });
  });

  it.each([
    ["epoch_s", 1772352900.75, "2026-03-01T08:15:00.750Z"],
    ["epoch_ms", "1772352900123", "2026-03-01T08:15:00.123Z"],
    ["auto", 1772352900123456789n, "2026-03-01T08:15:00.123Z"],
    ["iso", "2026-03-01 09:15:00", "2026-03-01T08:15:00.000Z"],
    ["yyyyMMddHHmmssSSS", "20260301091500123", "2026-03-01T08:15:00.123Z"],
  ])("has its time by the format %s", async (time_format, at, expected) => {
    const server = await serverWith([], {
      raw: `[{"id":"a","at":${typeof at === "string" ? `"${at}"` : at}}]`,
    });
    const declaration = { fields: { created_at: ["at"] }, time_format, auth: { name: "x-api-key" } };
    const [page] = await pagesOf(jsonListSource(server.url, declaration, { timeZone: "Europe/Berlin" }));
    expect(page?.memories[0]?.createdAt).toBe(expected);
  });

  it("keeps all digits of its number, and one that has no time is told by what it has", async () => {
    const server = await serverWith([], {
      raw: '[{"id":9007199254740993,"at":1},{"id":"b"},{"id":"c","at":"soon"},{"id":"d","at":1,"text":{}}, 7]',
    });
    const declaration = {
      fields: { created_at: ["at"] },
      time_format: "epoch_s",
      auth: { name: "x-api-key" },
    };
    const pages = await pagesOf(jsonListSource(server.url, declaration));
    expect(idsOf(pages)).toEqual(["9007199254740993"]);
    expect(pages.flatMap(({ malformed }) => malformed).map(({ id, problems }) => [id, ...problems])).toEqual([
      ["b", "created_at (at): is missing"],
      ["c", 'created_at (at): "soon" is no time (epoch_s)'],
      ["d", "text: is an object, not a text"],
      [null, "the item is a number, not an object"],
    ]);
  });

  it("is the same whatever the server counts in it; also one that is broken", async () => {
    const volatile = ["stats.views", "seen"];
    const fields = { created_at: ["at"], text: ["text", "seen"] };
    const seen = async (views: number) => {
      const items = [note(1, { stats: { views }, seen: views }), { id: "x", stats: { views }, seen: views }];
      const server = await serverWith(items);
      const pages = await pagesOf(jsonListSource(server.url, { ...declared, fields, volatile }));
      return [pages.flatMap(({ memories }) => memories), pages.flatMap(({ malformed }) => malformed)];
    };
    expect(await seen(1)).toEqual(await seen(2));
  });

  it("that the source calls deleted is named as that; others' and such that are no memories are left out", async () => {
    const server = await serverWith([
      note(1, { gone: null, user: 7 }),
      note(2, { gone: "2026-03-02", user: 7 }),
      note(3, { user: 8 }),
      note(4, { title: "$:/system", user: 7 }),
      note(5, { gone: false, user: 7 }),
    ]);
    const pages = await pagesOf(
      jsonListSource(server.url, {
        ...declared,
        fields: { ...declared.fields, deleted: ["gone"] },
        account: { path: "/me", field: "user.id", owner: "user" },
        skip: [{ field: "title", begins: "$:/" }],
      }),
    );
    expect(idsOf(pages)).toEqual(["n1", "n5"]);
    expect(pages.flatMap(({ deleted = [] }) => deleted)).toEqual(["n2"]);
    expect(endOf(pages)).toBeNull();
  });

  it("has tags from a list as they are, and from one text by its separator", async () => {
    const time = { created_at: ["at"] };
    const at = "2026-03-01";
    const tagsOf = async (tags: unknown, tag_separator: string) =>
      (await memoryOf({ id: "a", at, tags }, { fields: time, tag_separator }))?.tags;
    expect(await tagsOf("voice [[two words]]", " ")).toEqual(["two words", "voice"]);
    expect(await tagsOf("b, a,,a", ",")).toEqual(["a", "b"]);
    expect(await tagsOf(["red, white"], ",")).toEqual(["red, white"]);
    expect(await tagsOf([], ",")).toEqual([]);
    expect(await tagsOf(null, ",")).toEqual([]);
  });
});

describe("a list is not whole", () => {
  const paging = { style: "page", size_parameter: "size", size: 2 } as const;

  it("when the answer says that more follows and nobody has said how", async () => {
    const server = await serverWith(notes(3));
    server.decorate = (answer) => ({ ...answer, has_more: true });
    expect(endOf(await pagesOf(jsonListSource(server.url)))).toContain("source.paging");
  });

  it("when the server counts more than it has shown, unless that number is said to be another", async () => {
    const server = await serverWith(notes(3));
    server.decorate = (answer) => ({ ...answer, total: 5 });
    expect(endOf(await pagesOf(jsonListSource(server.url, { ...declared, paging })))).toContain(
      "there are 5 and has shown 3",
    );
    const source = jsonListSource(server.url, { ...declared, paging: { ...paging, total: "none" } });
    expect(endOf(await pagesOf(source))).toBeNull();
  });

  it("when the server shows the same for every page", async () => {
    const server = await serverWith(notes(3));
    const source = jsonListSource(server.url, { ...declared, paging: { style: "page", parameter: "seite" } });
    const pages = await pagesOf(source);
    expect(idsOf(pages)).toEqual(["n0", "n1", "n2"]);
    expect(endOf(pages)).toContain('does not seem to page by "seite"');
  });

  it("when it breaks off, and when its answer speaks of a failure", async () => {
    const server = await serverWith([], { raw: '{"data":{"notes":[{"id":"a","at":"2026-03-01"},{"id":"b' });
    const pages = await pagesOf(jsonListSource(server.url));
    expect(idsOf(pages)).toEqual(["a"]);
    expect(endOf(pages)).toContain("in the middle of the list");
    server.raw = '{"data":{"notes":[]},"errors":["shard 2"]}';
    expect(endOf(await pagesOf(jsonListSource(server.url)))).toContain("shard 2");
  });

  it("when it is empty, was not, and a made-up key gets the same", async () => {
    const server = await serverWith(notes(3), { wrongKey: "empty" });
    const right = jsonListSource(server.url);
    const { lore = {} } = (await pagesOf(right)).at(-1) ?? {};
    const wrong = jsonListSource(server.url, declared, { apiKey: "revoked-key" });
    const pages = await pagesOf(wrong, { lore });
    expect(endOf(pages)).toContain("made-up key");
    expect(pages.at(-1)?.lore).toEqual(lore);
    expect(endOf(await pagesOf(jsonListSource(server.url), { lore }))).toBeNull();
  });

  it("when it is empty at first, and a made-up key gets the same", async () => {
    const server = await serverWith(notes(3), { wrongKey: "empty" });
    const wrong = jsonListSource(server.url, declared, { apiKey: "mistyped-key" });
    expect(endOf(await pagesOf(wrong))).toContain("made-up key");
    await expect(wrong.check("CTX", never)).rejects.toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
    await expect(jsonListSource(server.url).check("CTX", never)).resolves.toMatchObject({ account: null });
  });
});

it("two broken items that say the same are two to a server that counts", async () => {
  const raw = '{"data":{"notes":[{"id":"a","at":"2026-03-01"},null,null]},"meta":{"total":3}}';
  const server = await serverWith([], { raw });
  const list = () => pagesOf(jsonListSource(server.url, { ...declared, paging: { total: "meta.total" } }));
  expect(endOf(await list())).toBeNull();
  server.raw = raw.replace("3}", "4}");
  expect(endOf(await list())).toContain("there are 4 and has shown 3");
});

it("an empty list of a server that refuses a made-up key is believed", async () => {
  const server = await serverWith([]);
  expect(endOf(await pagesOf(jsonListSource(server.url), { lore: { shown: 3 } }))).toBeNull();
  expect(server.requests.at(-1)?.headers["x-api-key"]).toMatch(/^made-up-/u);
});

it("a declared account is asked for before each list, and whoever it does not know is refused", async () => {
  const account = { path: "/me", field: "user.id" };
  const server = await serverWith(notes(1));
  const source = jsonListSource(server.url, { ...declared, account });
  expect(source.capabilities.identity).toBe("account");
  expect(await source.check("CTX", never)).toMatchObject({ account: "7", server: server.url });
  const other = jsonListSource(server.url, { ...declared, account: { path: "/me", field: "nobody" } });
  await expect(pagesOf(other)).rejects.toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
});

describe("the key", () => {
  const inAddress = { ...declared, auth: { in: "query", name: "k" } } as const;

  it("as a parameter reaches the server, and stands in no message", async () => {
    const server = await serverWith(notes(1));
    expect(idsOf(await pagesOf(jsonListSource(server.url, inAddress)))).toEqual(["n0"]);
    for (const status of [400, 401, 403, 404, 500, 302]) {
      server.failures = Array(9).fill(status);
      server.headers = status === 302 ? { location: "https://elsewhere.example/notes?k=right-key" } : {};
      const error = await pagesOf(jsonListSource(server.url, inAddress)).catch((thrown) => thrown);
      const told = `${error.message} ${error.hint} ${error.cause?.message} ${JSON.stringify(error.cause)}`;
      expect(told).not.toContain("right-key");
      expect(error.code).toMatch(/^SOURCE_/u);
    }
  });

  it.each([
    ["right-key", "which must not get the key"],
    [null, "and only the server of the list is asked"],
  ])("with the key %j no link leads to another server, and check says so as well", async (apiKey, why) => {
    const elsewhere = await serverWith(notes(9));
    const server = await serverWith(notes(1), apiKey === null ? { key: "null" } : {});
    server.decorate = (answer) => ({ ...answer, meta: { link: `${elsewhere.url}/notes?token=of-theirs` } });
    const declaration: HttpJsonDeclaration = { ...declared, paging: { style: "link", next: "meta.link" } };
    const source = () => jsonListSource(`${server.url}/base`, declaration, { apiKey });
    const refusal = {
      code: "SOURCE_REDIRECTED",
      message: `the list of ${server.url}/base names its next page on another server, ${elsewhere.url}, ${why}`,
      hint: expect.stringContaining(`set the connector's source.url to ${elsewhere.url}/base;`),
    };
    await expect(pagesOf(source())).rejects.toMatchObject(refusal);
    await expect(source().check("CTX", never)).rejects.toMatchObject(refusal);
    expect(elsewhere.requests).toEqual([]);
  });

  it.each(["http://", "file:///etc/passwd", "javascript:1"])(
    "a next page that is no address of the web is told as that: %s",
    async (link) => {
      const server = await serverWith(notes(1));
      server.decorate = (answer) => ({ ...answer, meta: { link } });
      const source = jsonListSource(server.url, {
        ...declared,
        paging: { style: "link", next: "meta.link" },
      });
      const refusal = { code: "SOURCE_BAD_ANSWER", hint: expect.stringContaining("source.paging.next") };
      await expect(pagesOf(source)).rejects.toMatchObject(refusal);
      await expect(source.check("CTX", never)).rejects.toMatchObject(refusal);
    },
  );

  it.each([
    [{ name: "x-api-key" }, "right-key"],
    [{ name: "x-api-key", scheme: "Token" }, "Token right-key"],
    [{}, "Bearer right-key"],
    [{ scheme: "Basic" }, `Basic ${Buffer.from("right-key").toString("base64")}`],
  ])("is sent as %j says", async (auth, sent) => {
    const server = await serverWith([]);
    await pagesOf(jsonListSource(server.url, { ...declared, auth })).catch(() => null);
    const headers = server.requests[0]?.headers;
    expect([headers?.["x-api-key"], headers?.authorization]).toContain(sent);
  });
});

it("the context stands in the path where it is asked for, encoded; parameters of address and path are kept", async () => {
  const server = await serverWith(notes(1));
  const declaration = { ...declared, path: "/of/{context}/notes/?a=1&b={context}" };
  await pagesOf(jsonListSource(`${server.url}/base?z=9`, declaration), { contextId: "ä/b&c" });
  const { path, query } = server.requests[0] ?? {};
  expect(path).toBe("/base/of/%C3%A4%2Fb%26c/notes/");
  expect(Object.fromEntries(query ?? [])).toEqual({ z: "9", a: "1", b: "ä/b&c" });
});

it("check tells that the fields lead nowhere, with what the items have", async () => {
  const server = await serverWith(notes(2));
  const source = jsonListSource(server.url, { ...declared, fields: { id: ["uuid"] } });
  await expect(source.check("CTX", never)).rejects.toMatchObject({
    code: "SOURCE_BAD_ANSWER",
    message: expect.stringMatching(
      /nothing that the first answer shows is a memory: .*id \(uuid\): is missing; .*"id":"n0"/u,
    ),
    hint: expect.stringContaining("source.fields"),
  });
  const lost = jsonListSource(server.url, { ...declared, items: "notes" });
  await expect(lost.check("CTX", never)).rejects.toThrow(
    'has no list "notes" (its fields: data (an object), meta (an object))',
  );
});

it("what is declared beside a preset replaces it, part by part", () => {
  const preset = {
    path: "/a",
    paging: { style: "page", size: 5 },
    fields: { id: ["x"], text: ["y"] },
  } as const;
  const { path, paging, fields, consistency } = completeDeclaration(
    { path: "/b", paging: { size: 7 }, fields: { text: ["z"] } },
    preset,
  );
  expect([path, paging.style, paging.size, fields.id, fields.text, fields.title, consistency]).toEqual([
    "/b",
    "page",
    7,
    ["x"],
    ["z"],
    ["title"],
    "drifting",
  ]);
});

describe("an end of the pages is told from a gap in them", () => {
  async function walked(paging: object, answers: readonly object[]) {
    const left = [...answers];
    const server = await serverWith([]);
    server.decorate = () => left.shift() ?? { data: { notes: [] } };
    const source = jsonListSource(server.url, { ...declared, paging });
    const pages = await pagesOf(source);
    return [idsOf(pages), endOf(pages), left.length];
  }
  const page = (numbers: number[], more?: unknown) => ({
    data: { notes: numbers.map((n) => note(n)) },
    more,
  });

  it.each([
    [
      "a page of which everything was left out",
      { style: "page", more: "more" },
      [page([1], true), page([], "yes"), page([2], "False")],
      null,
    ],
    ["flags as text", { style: "page", more: "more" }, [page([1], "True"), page([2], 0)], null],
    [
      "cursors around an empty page",
      { style: "cursor", next: "more" },
      [page([1], "a"), page([], "b"), page([2], null)],
      null,
    ],
    ["a cursor of zero", { style: "cursor", next: "more" }, [page([1], 7), page([2], 0)], null],
    [
      "offsets that claim more behind nothing",
      { style: "offset", more: "more" },
      [page([1], true), page([2], true), page([], true)],
      "shows none",
    ],
    [
      "cursors in a circle",
      { style: "cursor", next: "more" },
      [page([1], "a"), page([2], "b"), page([], "a")],
      "shows the same again",
    ],
    [
      "a cursor that is none",
      { style: "cursor", next: "more" },
      [page([1], "a"), page([2], { id: 1 })],
      "neither a text nor a number",
    ],
  ])("%s", async (_, paging, answers, reason) => {
    const end = reason === null ? null : expect.stringContaining(reason);
    expect(await walked(paging, answers)).toEqual([["n1", "n2"], end, 0]);
  });
});

describe("a list that the server can narrow to what has changed", () => {
  const since = { parameter: "changed_after", by: "updated" } as const;
  const lately = { kind: "events", since: Date.parse("2026-03-05T00:00:00.500Z") } as const;
  const items = [
    note(1),
    note(2, { changed: "2026-03-06T00:00:00Z" }),
    note(3, { at: "2026-03-07T00:00:00Z" }),
  ];

  it("is asked for that alone, page by page, and for everything without it", async () => {
    const server = await serverWith(items);
    const paging = { style: "page", size_parameter: "size", size: 1 } as const;
    const source = jsonListSource(server.url, { ...declared, paging, since });
    expect(source.capabilities.since).toEqual({ by: "event", isReliable: true });
    const narrow = await pagesOf(source, { scope: lately, lore: { shown: 3 } });
    expect(idsOf(narrow)).toEqual(["n2", "n3"]);
    expect(narrow.at(-1)?.lore).toMatchObject({ shown: 3 });
    expect(server.requests.map(({ query }) => query.get("changed_after"))).toContain(
      "2026-03-05T00:00:00.500Z",
    );
    server.requests.length = 0;
    expect(idsOf(await pagesOf(source))).toEqual(["n1", "n2", "n3"]);
    expect(server.requests.some(({ query }) => query.has("changed_after"))).toBe(false);
  });

  it("is read whole where no such parameter is declared", async () => {
    const server = await serverWith(items);
    const source = jsonListSource(server.url);
    expect(source.capabilities.since.by).toBe("none");
    expect(idsOf(await pagesOf(source, { scope: lately }))).toEqual(["n1", "n2", "n3"]);
  });

  it("may be empty, unless nothing shows that the key is the right one: then everything is asked for", async () => {
    const server = await serverWith([note(1)]);
    const list = () =>
      pagesOf(jsonListSource(server.url, { ...declared, since }), { scope: lately, lore: { shown: 1 } });
    expect(endOf(await list())).toBeNull();
    server.wrongKey = "empty";
    expect(idsOf(await list())).toEqual(["n1"]);
    server.key = "another key";
    expect(endOf(await list())).toContain("made-up key");
  });

  it("when it is empty, asks a made-up key once an hour, over all runs, and not where it has shown something", async () => {
    const server = await serverWith([note(1)]);
    const clock = new ManualClock();
    const madeUp = () =>
      server.requests.filter(({ headers }) => String(headers["x-api-key"]).startsWith("made-up")).length;
    const list = async (lore: SourceLore, scope: ListScope = lately) => {
      const source = jsonListSource(server.url, { ...declared, since }, { clock });
      return (await pagesOf(source, { scope, lore })).at(-1)?.lore ?? {};
    };
    let lore = await list({ shown: 1 });
    expect(madeUp()).toBe(1);
    lore = await list(lore);
    lore = await list(lore);
    expect(madeUp()).toBe(1);
    clock.advance(3_600_000);
    lore = await list(lore);
    expect(madeUp()).toBe(2);

    clock.advance(3_600_000);
    lore = await list(lore, { kind: "everything" });
    lore = await list(lore);
    expect(madeUp()).toBe(2);
    server.items = [];
    clock.advance(1_800_000);
    // That something was there shows nothing where everything is gone.
    await list(lore, { kind: "everything" });
    expect(madeUp()).toBe(3);
  });

  it.each([
    ["epoch_s", "1772668800"],
    ["epoch_ms", "1772668800500"],
    ["epoch_us", "1772668800500000"],
    ["epoch_ns", "1772668800500000000"],
  ] as const)("is asked for in the server's own way of writing times: %s", async (format, written) => {
    const server = await serverWith([]);
    const named = { parameter: "from", format } as const;
    const source = jsonListSource(server.url, { ...declared, since: named });
    expect(source.capabilities.since.isReliable).toBe(false);
    await pagesOf(source, { scope: lately });
    expect(server.requests[0]?.query.get("from")).toBe(written);
  });
});
