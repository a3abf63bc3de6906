import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { memosVersions } from "../../../test/support/memos-double.ts";
import { memosWorld } from "../../../test/support/memos-world.ts";
import { listingOf } from "../../../test/support/source-listing.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";

const never = new AbortController().signal;

describe.each(memosVersions)("Memos %s", (version) => {
  test("says who it is and whose token it has, by the name that stays when it is upgraded", async () => {
    const { source } = await memosWorld(version);
    expect(await source.check("CTX", never)).toMatchObject({ version, account: "ada" });
  });

  test("shows the account's own memos, with their tags in order, their place and their files", async () => {
    const { memos, source } = await memosWorld(version);
    const files = version === "0.24.4" ? "resources" : "attachments";
    const file = (id: string, filename: string, type: string, more = {}) => ({
      ...{
        name: `${files}/${id}`,
        filename,
        type,
        size: "16",
        externalLink: "",
        createTime: "2026-03-02T09:00:00Z",
      },
      ...more,
    });
    memos.put("one", {
      ...{ content: "Met **Ada** at the river 🍏 #people/ada", createTime: "2026-03-01T07:15:00Z" },
      ...{ updateTime: "2026-03-01T08:00:00Z", tags: ["people/ada", "garden"] },
      location: { placeholder: "Rheinufer, Bonn", latitude: 50.7374, longitude: 7.0982 },
      property: { title: "River" },
      [files]: [
        file("away", "away.m4a", "audio/mp4", { externalLink: "https://elsewhere.example/a" }),
        file("A1", "voice note.m4a", "audio/mp4"),
        file("B2", "map.pdf", "application/pdf"),
      ],
    });
    memos.files.set(`${files}/A1`, { type: "audio/mp4", bytes: Buffer.from("sound") });
    memos.put("foreign", { creator: "users/ben", visibility: "PUBLIC" });
    expect((await listingOf(source)).memories).toEqual([
      {
        ...{ id: "one", type: "note", audio: true, image: false, title: "River", format: "markdown" },
        ...{ transcript: "Met **Ada** at the river 🍏 #people/ada", location: { lat: 50.7374, lon: 7.0982 } },
        ...{ placeName: "Rheinufer, Bonn", tags: ["garden", "people/ada"], timeSource: "entry" },
        // An added file moves no time of the memo's own.
        ...{ createdAt: "2026-03-01T07:15:00.000Z", updatedAt: "2026-03-02T09:00:00.000Z" },
        url: `${memos.url}/memos/one`,
        attachments: [
          { kind: "audio", name: "away.m4a", id: `${files}/away` },
          { kind: "file", name: "map.pdf", id: `${files}/B2` },
        ],
      },
    ]);
    const path = join(temporaryFolder(), "medium");
    const request = { contextId: "CTX", memoryId: "one", kind: "audio", maxBytes: 100 } as const;
    expect(await source.download(request, path, never)).toEqual({ contentType: "audio/mp4", bytes: 5 });
    expect(readFileSync(path, "utf8")).toBe("sound");
  });

  test("is asked for memos by their ids, and shows of them what a list would show", async () => {
    const { memos, source } = await memosWorld(version);
    for (const id of ["a", "b", "c"]) memos.put(id, { content: id });
    memos.put("foreign", { creator: "users/ben", visibility: "PUBLIC" });
    memos.put("kept", { state: "ARCHIVED" });
    const scope = { kind: "named", ids: ["c", "gone", "a", "foreign", "kept"] } as const;
    const named = await listingOf(source, { scope });
    const all = (await listingOf(source)).memories.filter(({ id }) => id !== "b");
    expect(named.ids).toEqual(["c", "a"]);
    expect(named.memories.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual(
      all.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    );
  });

  test("is asked for what is new or has changed since a time, and shows no other", async () => {
    const { memos, source } = await memosWorld(version);
    const [old, late] = ["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"];
    memos.put("old", { createTime: old, updateTime: old });
    memos.put("edited", { createTime: old, updateTime: late });
    memos.put("new", { createTime: late, updateTime: late });
    memos.put("dated back", { createTime: late, updateTime: old });
    const scope = { kind: "events", since: Date.parse(late) } as const;
    expect((await listingOf(source, { scope })).ids.toSorted()).toEqual(["dated back", "edited", "new"]);
  });

  test("is read to its end, by tokens, where it cannot be asked by time, and says that something may have slipped", async () => {
    const { memos, source } = await memosWorld(version, {}, 10);
    memos.knowsTimes = false;
    for (let n = 0; n < 35; n += 1) memos.put(`m${n}`, { content: "text" });
    const { ids, pages } = await listingOf(source);
    expect([new Set(ids).size, pages.at(-1)?.mayHaveDrifted]).toEqual([35, true]);
  });
});

test("archived memos, visibilities and comments are read as they are chosen", async () => {
  const choices = { archived: true, comments: true, visibility: ["private", "public"] };
  const { memos, source } = await memosWorld("0.30.0", choices);
  memos.put("archived", { state: "ARCHIVED", content: "old" });
  memos.put("open", { visibility: "PUBLIC", content: "new" });
  memos.put("protected", { visibility: "PROTECTED" });
  const comment = (content: string, creator: string, createTime: string) => ({
    ...{ name: `memos/${content}`, content, creator, createTime, updateTime: createTime },
  });
  memos.comments.set("open", [
    comment("later", "users/ada", "2026-03-03T00:00:00Z"),
    comment("sooner", "users/ben", "2026-03-02T00:00:00Z"),
  ]);
  const { memories, pages } = await listingOf(source);
  expect(memories.map(({ id, transcript }) => [id, transcript])).toEqual([
    ["open", "new\n\nComment by ben: sooner\n\nComment: later"],
    ["archived", "old"],
  ]);
  expect(pages.at(-1)?.mayHaveDrifted).toBe(false);
  const other = await memosWorld();
  other.memos.put("archived", { state: "ARCHIVED" });
  expect((await listingOf(other.source)).ids).toEqual([]);
});

test("a walk that was interrupted among the archived ones goes on there", async () => {
  const { memos, source } = await memosWorld("0.30.0", { archived: true }, 5);
  for (let n = 0; n < 12; n += 1) {
    const createTime = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
    memos.put(`m${n}`, { createTime });
    memos.put(`a${n}`, { createTime, state: "ARCHIVED" });
  }
  const { pages } = await listingOf(source);
  const last = pages.findLast(({ resume }) => resume !== undefined);
  expect(last?.resume).toMatch(/^ARCHIVED:/u);
  const { ids } = await listingOf(source, { resume: last?.resume ?? "" });
  expect(ids.every((id) => id.startsWith("a")) && ids.length < 6).toBe(true);
});

test("a list that is not in the order of making is read by tokens, to its end", async () => {
  const { memos, source } = await memosWorld("0.30.0", {}, 10);
  for (let n = 0; n < 35; n += 1)
    memos.put(`m${n}`, { createTime: new Date(Date.UTC(2026, 0, 1 + n)).toISOString() });
  memos.faultFor = ({ url }) =>
    url.pathname.endsWith("/memos")
      ? (response, genuine) => {
          const body = genuine.body as { memos?: unknown[] };
          response.writeHead(200, { "content-type": "application/json" });
          response.end(JSON.stringify({ ...body, memos: body.memos?.toReversed() }));
        }
      : undefined;
  const { ids, pages } = await listingOf(source);
  expect([new Set(ids).size, pages.at(-1)?.mayHaveDrifted]).toEqual([35, true]);
});

test("long texts are asked for in smaller pages", async () => {
  const { memos, source } = await memosWorld("0.30.0", {}, 100);
  for (let n = 0; n < 30; n += 1)
    memos.put(`m${n}`, { createTime: new Date(Date.UTC(2026, 0, 1 + n)).toISOString() });
  const huge = Buffer.alloc(65 * 1024 * 1024, " ");
  memos.faultFor = ({ url }) =>
    url.searchParams.get("pageSize") === "100" ? { status: 200, body: huge } : undefined;
  expect((await listingOf(source)).ids).toHaveLength(30);
});

test("a server before 0.24, or another one, is named as that", async () => {
  const { memos, source } = await memosWorld();
  memos.faultFor = () => ({ status: 404, body: { code: 5, message: "Not Found", details: [] } });
  await expect(source.check("CTX", never)).rejects.toMatchObject({
    ...{ code: "SOURCE_BAD_ANSWER", message: "Memos: it does not answer as Memos from 0.24 on does" },
  });
});
