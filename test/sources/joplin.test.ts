import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { JoplinSource } from "../../src/sources/joplin/joplin-source.ts";
import type { JoplinOptions } from "../../src/sources/joplin/settings.ts";
import { describeMemorySource, type Shown } from "../contract/memory-source-suite.ts";
import { named } from "../contract/served-source-suite.ts";
import { joplinId } from "../support/joplin-double.ts";
import { joplinProgram, RealJoplin } from "../support/real-joplin.ts";
import { eagerServer, listingOf } from "../support/source-listing.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const never = new AbortController().signal;
const program = await joplinProgram();
if (program === null)
  console.warn("skipped: joplin 3.5.1 cannot be had from the registry, or not be compiled");

describe.skipIf(program === null)("the real Joplin", () => {
  const profile = mkdtempSync(join(tmpdir(), "memory-connector-joplin-"));
  let joplin: RealJoplin;

  beforeAll(async () => {
    joplin = await RealJoplin.start(program ?? "", profile);
    await joplin.add("folders", { id: joplinId("notebook"), title: "Journal" });
  });

  afterAll(async () => {
    await joplin?.stop();
    rmSync(profile, { recursive: true, force: true });
  });

  function sourceOf(options: Partial<JoplinOptions> = {}, pageSize = 10): JoplinSource {
    const all = {
      token: joplin.token,
      notebooks: null,
      excludedNotebooks: [],
      notebookAsTag: false,
      timeZone: "UTC",
    };
    const server = { ...eagerServer, timeoutMs: 30_000, url: joplin.url };
    const source = new JoplinSource({ ...all, ...server, ...options, pageSize });
    onTestFinished(() => source.close());
    return source;
  }

  /** Deletes what the test before has left. */
  async function clear(): Promise<void> {
    for (let ids = await joplin.noteIds(); ids.length > 0; ids = await joplin.noteIds())
      for (const id of ids) await joplin.remove(`notes/${id}`);
  }

  const put = (name: string, body: string, more = {}) =>
    joplin.add("notes", { id: joplinId(name), parent_id: joplinId("notebook"), body, ...more });

  describeMemorySource({
    name: "Joplin itself",
    isNeverBroken: true,
    async start() {
      await clear();
      const shown = new Map<string, string>();
      const show = async ({ good }: Shown) => {
        const wanted = new Map(good.map(({ id, transcript }) => [id, transcript]));
        const before = await joplin.cursor();
        const changed = new Set<string>();
        for (const id of [...shown.keys()].filter((each) => !wanted.has(each))) {
          await joplin.remove(`notes/${joplinId(id)}`);
          changed.add(id);
        }
        for (const [id, text] of [...wanted].filter(([each, text]) => shown.get(each) !== text)) {
          if (shown.has(id)) await joplin.change(`notes/${joplinId(id)}`, { body: text });
          else await put(id, text);
          changed.add(id);
        }
        await joplin.untilTold(before, [...changed].map(joplinId));
        shown.clear();
        for (const [id, text] of wanted) shown.set(id, text);
      };
      return { source: named(sourceOf(), { idOf: joplinId }), show };
    },
  });

  it("misses nothing that is there throughout while notes are deleted and added", async () => {
    await clear();
    const names = Array.from({ length: 120 }, (_, n) => `n${n}`);
    for (const name of names) await put(name, name);
    const gone = names.filter((_, index) => index % 4 === 0);
    const removeAll = async () => {
      for (const name of gone) await joplin.remove(`notes/${joplinId(name)}`);
    };
    const addSome = async () => {
      for (let n = 0; n < 15; n += 1) await put(`added ${n}`, "new");
    };
    const happens = new Map([
      [4, removeAll],
      [6, addSome],
    ]);
    const ids = new Set<string>();
    let pages = 0;
    for await (const page of sourceOf().list(
      { contextId: "CTX", scope: { kind: "everything" }, limit: 10 },
      never,
    )) {
      for (const { id } of page.memories) ids.add(id);
      pages += 1;
      await happens.get(pages)?.();
    }
    const missed = names.filter((name) => !gone.includes(name) && !ids.has(joplinId(name)));
    expect(missed).toEqual([]);
  });

  it("has tags, a place, the time that its person sees, a to-do and files", async () => {
    await clear();
    const { id: walk } = await joplin.addFile("walk.m4a", "audio/mp4", "sound");
    await put("a", `Met ![a walk](:/${walk}) [Ada](:/${joplinId("b")})`, {
      ...{ title: "River 🍏", user_created_time: 1_772_349_300_000, latitude: 50.7374, longitude: 7.0982 },
    });
    await put("b", "Buy soil", { is_todo: 1, todo_due: Date.UTC(2026, 2, 5, 9) });
    for (const title of ["walk", "ada"]) {
      const { id } = await joplin.add("tags", { title });
      await joplin.add(`tags/${id}/notes`, { id: joplinId("a") });
    }
    const source = sourceOf();
    const { memories } = await listingOf(source);
    expect(memories.find(({ id }) => id === joplinId("a"))).toMatchObject({
      ...{ audio: true, transcript: "Met  Ada", title: "River 🍏", tags: ["ada", "walk"] },
      ...{ createdAt: "2026-03-01T07:15:00.000Z", location: { lat: 50.7374, lon: 7.0982 } },
    });
    expect(memories.find(({ id }) => id === joplinId("b"))).toMatchObject({
      ...{ type: "todo", transcript: "[ ] To do, due 2026-03-05 09:00.\n\nBuy soil" },
    });
    const path = join(temporaryFolder(), "medium");
    const request = { contextId: "CTX", memoryId: joplinId("a"), kind: "audio", maxBytes: 100 } as const;
    expect(await source.download(request, path, never)).toMatchObject({ bytes: 5 });
    expect(readFileSync(path, "utf8")).toBe("sound");
  });

  it("names what was moved to the bin, and goes on with its feed after it was started anew", async () => {
    await clear();
    for (const name of ["a", "b", "c"]) await put(name, name);
    const before = await joplin.cursor();
    await joplin.change(`notes/${joplinId("a")}`, { body: "A" });
    await joplin.untilTold(before, [joplinId("a")]);
    const { mark } = await listingOf(sourceOf());
    const cursor = await joplin.cursor();
    await joplin.remove(`notes/${joplinId("a")}`, false);
    await joplin.change(`notes/${joplinId("b")}`, { body: "changed" });
    await joplin.untilTold(cursor, [joplinId("a"), joplinId("b")]);
    await joplin.stop();
    await joplin.run();
    const { deleted, memories } = await listingOf(sourceOf(), { scope: { kind: "changes", since: mark } });
    expect([deleted, memories.map(({ transcript }) => transcript)]).toEqual([[joplinId("a")], ["changed"]]);
  });

  it("refuses a wrong token, and a notebook that is not there", async () => {
    const wrong = sourceOf({ token: "wrong" });
    await expect(listingOf(wrong)).rejects.toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
    await expect(wrong.check("CTX", never)).rejects.toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
    const elsewhere = sourceOf({ notebooks: ["Nowhere"] });
    await expect(elsewhere.check("CTX", never)).rejects.toMatchObject({
      hint: "name notebooks as Joplin does: Journal",
    });
  });
});
