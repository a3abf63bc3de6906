import { chmodSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MemoryPage } from "../../src/sources/memory-source.ts";
import { notesFolder, recordingsFolder } from "../support/notes-folder.ts";

const never = new AbortController().signal;
const count = 1_200;
const ids = Array.from({ length: count }, (_, n) => `日記 ${n} 🍏`);

const cue = (text: string) => `1\n00:00:00,000 --> 00:00:02,000\n${text}\n`;
/** All files of a folder are from the same second. */
const kinds = [
  {
    name: "notes",
    open: () => notesFolder(),
    file: (id: string) => `${id}.md`,
    content: (text: string) => text,
  },
  { name: "recordings", open: () => recordingsFolder(), file: (id: string) => `${id}.srt`, content: cue },
] as const;

describe.each(kinds)("a folder of $name", ({ open, file, content }) => {
  const idOf = (id: string) => (file(id).endsWith(".md") ? `${id}.md` : id);
  const all = ids.map(idOf);

  function filled() {
    const folder = open();
    for (const id of ids) folder.write(file(id), content(`says ${id}`));
    return folder;
  }

  /** All pages; `meanwhile` happens after the first ones. */
  async function pagesOf({ source }: Pick<ReturnType<typeof open>, "source">, meanwhile: () => void) {
    const scope = { kind: "everything" } as const;
    const pages: MemoryPage[] = [];
    for await (const page of source.list({ contextId: "CTX", scope, limit: 100 }, never)) {
      if (pages.push(page) === 2) meanwhile();
    }
    return pages;
  }

  test("what is written, changed, moved and deleted while it is read is known after the next listing, each once", async () => {
    const folder = filled();
    const { root, write, remove, changes } = folder;
    const fileAt = (n: number) => file(ids[n] ?? "");
    const pages = await pagesOf(folder, () => {
      write(file("new"), content("new"));
      for (const n of [0, 1_199]) write(fileAt(n), content("changed"));
      for (const n of [1, 1_198]) remove(fileAt(n));
      for (const n of [2, 1_197]) renameSync(join(root, fileAt(n)), join(root, file(`moved ${n}`)));
    });
    const shown = pages.flatMap(({ memories }) => memories.map(({ id }) => id));
    const waiting = pages.flatMap(({ pending = [] }) => pending.map(({ id }) => id));
    expect(new Set(shown).size).toBe(shown.length);
    expect(new Set([...shown, ...waiting])).toEqual(new Set(all));
    const next = await changes(pages.at(-1)?.mark ?? "");
    expect(new Set(next.deleted)).toEqual(new Set([1, 1_198].map((n) => all[n])));
    expect(next.ids).toEqual(
      expect.arrayContaining([idOf("new"), ...[0, 1_199, 2, 1_197].map((n) => all[n])]),
    );
    expect(next.memories.filter(({ transcript }) => transcript === "changed")).toHaveLength(2);
  });

  test("a process that ends in the middle of a listing costs the next one nothing", async () => {
    const { source, write, remove, list, anotherProcess } = filled();
    const { mark } = await list();
    write(file(ids[3] ?? ""), content("changed"));
    remove(file(ids[4] ?? ""));
    const request = { contextId: "CTX", scope: { kind: "changes", since: mark }, limit: 100 } as const;
    for await (const page of source.list(request, never)) {
      expect(page.memories).toHaveLength(1);
      break;
    }
    const other = anotherProcess();
    const next = await other.list({ kind: "changes", since: mark });
    expect(next).toMatchObject({ ids: [all[3]], deleted: [all[4]] });
    expect((await other.list({ kind: "everything" })).ids).toHaveLength(count - 1);
  });

  test.skipIf(process.getuid?.() === 0)("what cannot be read is named, and costs no other one", async () => {
    const { root, write, list, changes } = open();
    for (const id of ["a", "b"]) write(file(id), content(id));
    const { mark } = await list();
    write(file("b"), content("changed"));
    chmodSync(join(root, file("b")), 0);
    const { malformed, deleted } = await changes(mark);
    expect([malformed.map(({ id }) => id), deleted]).toEqual([[idOf("b")], []]);
  });
});
