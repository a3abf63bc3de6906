import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { joplinId } from "../../../test/support/joplin-double.ts";
import { joplinWorld } from "../../../test/support/joplin-world.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { listingOf } from "../../../test/support/source-listing.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";

const never = new AbortController().signal;
const changesSince = (since: string) => ({ scope: { kind: "changes", since } as const });
const file = (title: string, mime: string) => ({ title, mime, bytes: Buffer.from(`bytes of ${title}`) });

test("a note becomes a memory with its place, its tags in order, and the time that its person sees", async () => {
  const { joplin, source } = await joplinWorld();
  joplin.put({
    ...{
      id: joplinId("a"),
      title: "River 🍏",
      body: "Met **Ada** at the river",
      updated_time: 1_795_864_449_198,
    },
    ...{ user_created_time: 1_772_349_300_000, latitude: "50.73740000", longitude: "7.09820000" },
  });
  joplin.tags.set("river", new Set([joplinId("a")])).set("Ada", new Set([joplinId("a")]));
  expect((await listingOf(source)).memories).toEqual([
    {
      ...{
        id: joplinId("a"),
        type: "note",
        audio: false,
        image: false,
        transcript: "Met **Ada** at the river",
      },
      ...{
        location: { lat: 50.7374, lon: 7.0982 },
        createdAt: "2026-03-01T07:15:00.000Z",
        timeSource: "entry",
      },
      ...{
        updatedAt: "2026-11-28T11:14:09.198Z",
        title: "River 🍏",
        tags: ["Ada", "river"],
        format: "markdown",
      },
      url: `joplin://x-callback-url/openNote?id=${joplinId("a")}`,
    },
  ]);
});

test("what is in the bin or a conflict's copy is no memory; what is encrypted waits; silence is one without text", async () => {
  const { joplin, source } = await joplinWorld();
  joplin.put({ id: joplinId("binned"), deleted_time: 5 });
  joplin.put({ id: joplinId("conflict"), is_conflict: 1 });
  joplin.put({ id: joplinId("locked"), encryption_applied: 1 });
  joplin.put({ id: joplinId("silent"), latitude: "0.00000000" });
  const { memories, pending } = await listingOf(source);
  expect(memories.map(({ id, transcript, location }) => [id, transcript, location])).toEqual([
    [joplinId("silent"), "", null],
  ]);
  expect(pending).toEqual([joplinId("locked")]);
});

test("a to-do says whether it is done, and when it is due by the clocks of the connector's zone", async () => {
  const { joplin, source } = await joplinWorld();
  const due = Date.UTC(2026, 6, 1, 7);
  joplin.put({ id: joplinId("1"), is_todo: 1, body: "Buy soil", todo_due: due });
  joplin.put({ id: joplinId("2"), is_todo: 1, body: "Buy soil", todo_completed: due });
  joplin.put({ id: joplinId("3"), is_todo: 1, todo_due: 9e15 });
  const { memories } = await listingOf(source);
  expect(new Set(memories.map(({ type, transcript }) => `${type}: ${transcript}`))).toEqual(
    new Set([
      "todo: [ ] To do, due 2026-07-01 09:00.\n\nBuy soil",
      "todo: [x] To do, done 2026-07-01 09:00.\n\nBuy soil",
      "todo: [ ] To do, due at a time that is none.",
    ]),
  );
});

test("links are shown as what they say, and files become the recording, the picture and attachments", async () => {
  const { joplin, source } = await joplinWorld();
  const [walk, sky, map, locked, other] = ["walk", "sky", "map", "locked", "other note"].map(
    joplinId,
  ) as string[];
  joplin.files
    .set(walk ?? "", file("walk.m4a", "audio/mp4"))
    .set(sky ?? "", file("sky.png", "image/png"))
    .set(map ?? "", file("map.pdf", "application/pdf"))
    .set(locked ?? "", { ...file("locked.m4a", "audio/mp4"), encrypted: true });
  const body = `![x](:/${locked})One ![a walk](:/${walk}) [the map](:/${map} "big") [Ada](:/${other}#head) <img src=":/${sky}" width="9"> [site](https://a.example)`;
  joplin.put({ id: joplinId("n"), body });
  const [memory] = (await listingOf(source)).memories;
  expect(memory).toMatchObject({
    ...{ audio: true, image: true, transcript: "One  the map Ada  [site](https://a.example)" },
    attachments: [
      { kind: "audio", name: "locked.m4a", id: locked },
      { kind: "file", name: "map.pdf", id: map },
    ],
  });
  const path = join(temporaryFolder(), "medium");
  const request = { contextId: "CTX", memoryId: joplinId("n"), kind: "audio", maxBytes: 100 } as const;
  const mark = { bytes: 17, date: "0" };
  expect(await source.download(request, path, never)).toEqual({ contentType: "audio/mp4", bytes: 17, mark });
  expect(readFileSync(path, "utf8")).toBe("bytes of walk.m4a");
  expect(await source.mediaMarks.of(request, mark, never)).toEqual(mark);
  joplin.files.set(walk ?? "", { ...file("walk.m4a", "audio/mp4"), updatedAt: 1 });
  expect(await source.mediaMarks.of(request, mark, never)).toEqual({ ...mark, date: "1" });
  await expect(source.download({ ...request, maxBytes: 3 }, `${path}2`, never)).rejects.toMatchObject({
    code: "MEDIA_TOO_LARGE",
  });
});

test("notebooks are chosen by title or path, with those within them; one that is not there is an error, not an empty list", async () => {
  const world = await joplinWorld({
    notebooks: ["Work/Diary", "Home"],
    excludedNotebooks: ["Secret"],
    notebookAsTag: true,
  });
  const { joplin, source } = world;
  const add = (title: string, parent = "") =>
    joplin.notebooks.set(joplinId(title), { title, parent_id: parent && joplinId(parent) });
  add("Work");
  add("Diary", "Work");
  add("2026", "Diary");
  add("Secret", "Diary");
  for (const title of ["Work", "Diary", "2026", "Secret"])
    joplin.put({ id: joplinId(`in ${title}`), parent_id: joplinId(title) });
  await expect(listingOf(source)).rejects.toMatchObject({
    ...{ code: "SOURCE_CONTEXT_NOT_FOUND", message: 'Joplin has no notebook "Home"' },
    hint: "name notebooks as Joplin does: Journal, Work, Work/Diary, Work/Diary/2026, Work/Diary/Secret",
  });
  await expect(source.check("CTX", never)).rejects.toMatchObject({ code: "SOURCE_CONTEXT_NOT_FOUND" });
  add("Home", "2026");
  const { memories, mark } = await listingOf(source);
  expect(new Set(memories.map(({ id, tags }) => `${id} ${tags}`))).toEqual(
    new Set([`${joplinId("in Diary")} Work/Diary`, `${joplinId("in 2026")} Work/Diary/2026`]),
  );
  joplin.put({ id: joplinId("in 2026"), parent_id: joplinId("Work") });
  expect((await listingOf(source, changesSince(mark))).deleted).toEqual([joplinId("in 2026")]);
});

test("the feed names what was changed, moved to the bin or deleted, with what a whole list would say of it", async () => {
  const { joplin, source } = await joplinWorld();
  for (const name of ["a", "b", "c", "d"]) joplin.put({ id: joplinId(name), body: name });
  joplin.tags.set("tag", new Set([joplinId("a")]));
  const { mark } = await listingOf(source);
  joplin.files.set(joplinId("walk"), file("walk.m4a", "audio/mp4"));
  joplin.put({ id: joplinId("a"), body: `changed ![](:/${joplinId("walk")})` });
  joplin.put({ id: joplinId("b"), deleted_time: 7 });
  joplin.delete(joplinId("c"));
  joplin.put({ id: joplinId("e"), encryption_applied: 1 });
  const changes = await listingOf(source, changesSince(mark));
  expect(changes.deleted.toSorted()).toEqual([joplinId("b"), joplinId("c")].toSorted());
  expect(changes.pending).toEqual([joplinId("e")]);
  const whole = (await listingOf(source)).memories.find(({ id }) => id === joplinId("a"));
  expect(changes.memories).toEqual([whole]);
});

test("a feed of many changes is read to its end", async () => {
  const { joplin, source } = await joplinWorld();
  const { mark } = await listingOf(source);
  for (let n = 0; n < 350; n += 1) joplin.put({ id: joplinId(`n${n}`), body: "text" });
  expect((await listingOf(source, changesSince(mark))).ids).toHaveLength(350);
});

test("a mark that is too old, of another profile or of nobody gets everything, with a new one", async () => {
  const clock = new ManualClock();
  const { joplin, source } = await joplinWorld({ clock } as object);
  joplin.put({ id: joplinId("a") });
  const { mark } = await listingOf(source);
  expect((await listingOf(source, changesSince(mark))).ids).toEqual([]);
  const others = [
    "",
    "nobody's",
    mark.replace(/^\d+/u, "999"),
    mark.replace(/@.*/u, "@2020-01-01T00:00:00Z"),
  ];
  for (const other of others)
    expect((await listingOf(source, changesSince(other))).ids).toEqual([joplinId("a")]);
});

test("a note that no answer can hold costs no other note", async () => {
  const { joplin, source } = await joplinWorld();
  for (const name of ["a", "b"]) joplin.put({ id: joplinId(name), body: name });
  const huge = Buffer.alloc(65 * 1024 * 1024, " ");
  joplin.faultFor = ({ url: { pathname, searchParams } }) =>
    searchParams.get("fields")?.includes("body") && !pathname.endsWith(joplinId("b"))
      ? { status: 200, body: huge }
      : undefined;
  const { ids, malformed } = await listingOf(source);
  expect(ids).toEqual([joplinId("b")]);
  expect(malformed).toMatchObject([{ id: joplinId("a"), code: "MEMORY_TOO_LARGE" }]);
});

test("another program at its address is told from Joplin, with a hint where Joplin listens", async () => {
  const { joplin, source } = await joplinWorld();
  joplin.faultFor = () => ({ status: 200, body: "<html>It works!" });
  await expect(source.check("CTX", never)).rejects.toMatchObject({
    ...{ code: "SOURCE_BAD_ANSWER", hint: expect.stringContaining("41184 to 41194") },
  });
});

test("a list that goes on for ever with the same page is at its end", async () => {
  const { joplin, source } = await joplinWorld();
  joplin.put({ id: joplinId("a") });
  joplin.faultFor = ({ url: { pathname } }) =>
    pathname === "/tags" || pathname === "/resources"
      ? { status: 200, body: { items: [{ id: joplinId("same"), title: "same" }], has_more: true } }
      : undefined;
  expect((await listingOf(source)).ids).toEqual([joplinId("a")]);
});

test("notes are asked for by their ids, as a list would show them; one that is gone is named as that", async () => {
  const { joplin, source } = await joplinWorld();
  for (const id of ["a", "b"]) joplin.put({ id: joplinId(id), title: id, body: `note ${id}` });
  joplin.tags.set("river", new Set([joplinId("a")]));
  const [shown] = (await listingOf(source)).memories.filter(({ id }) => id === joplinId("a"));
  const scope = { kind: "named", ids: [joplinId("a"), joplinId("d")] } as const;
  expect((await listingOf(source, { scope })).memories).toEqual([shown]);
});
