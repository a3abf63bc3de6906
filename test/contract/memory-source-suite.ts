import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ListRequest, ListScope, MemoryPage, MemorySource } from "../../src/sources/memory-source.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** What a source is to show: good memories by id and text, and broken items by id and what makes them differ. */
export interface Shown {
  good: readonly { id: string; transcript: string }[];
  broken?: readonly { id: string; flaw: string }[];
}

/** A source that shows what it is told to. */
export interface MemorySourceHarness {
  name: string;
  /** Ends with the test. */
  start(): Promise<{ source: MemorySource; show(shown: Shown): void | Promise<void> }>;
  /** Its server stores nothing that could not be read. */
  isNeverBroken?: true;
  /** Two of its items that share an id are two things: a broken one is told under another id, beside the good one. */
  tellsTwins?: true;
}

const request: ListRequest = { contextId: "CTX", scope: { kind: "everything" }, limit: 100 };
const hour = 3_600_000;
const never = new AbortController().signal;

async function pagesOf(
  source: MemorySource,
  signal = never,
  scope: ListScope = { kind: "everything" },
  resume?: string,
): Promise<MemoryPage[]> {
  const pages: MemoryPage[] = [];
  for await (const page of source.list(
    { ...request, scope, ...(resume !== undefined && { resume }) },
    signal,
  ))
    pages.push(page);
  return pages;
}

const textsOf = (pages: readonly MemoryPage[]) =>
  pages.flatMap((page) => page.memories.map(({ id, transcript }) => `${id}: ${transcript}`)).toSorted();
const brokenOf = (pages: readonly MemoryPage[]) => pages.flatMap(({ malformed }) => malformed);

const many = Array.from({ length: 25 }, (_, n) => ({ id: `m${n}`, transcript: `says ${n}` }));
const manyTexts = many.map(({ id, transcript }) => `${id}: ${transcript}`).toSorted();

/** What `MemorySource` promises, whatever stands behind it. */
export function describeMemorySource(harness: MemorySourceHarness): void {
  describe(`a memory source: ${harness.name}`, () => {
    it("shows every memory once, as it is, and says that this is all", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      const pages = await pagesOf(source);
      expect(textsOf(pages)).toEqual(manyTexts);
      expect(pages.map(({ truncated }) => truncated)).toEqual(pages.map(() => null));
    });

    it("shows memories as plain data, in which nothing is undefined, with times in UTC", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      for (const memory of (await pagesOf(source)).flatMap(({ memories }) => memories)) {
        expect(JSON.parse(JSON.stringify(memory))).toStrictEqual(memory);
        expect(memory.createdAt).toMatch(/Z$/u);
      }
    });

    it("has a page even when there is nothing", async () => {
      const { source, show } = await harness.start();
      await show({ good: [] });
      const pages = await pagesOf(source);
      expect(pages.length).toBeGreaterThan(0);
      expect(textsOf(pages)).toEqual([]);
    });

    it.skipIf(harness.isNeverBroken)(
      "carries broken items beside the good ones, each once, the same from one listing to the next",
      async () => {
        const { source, show } = await harness.start();
        const broken = [
          { id: "x", flaw: "one" },
          { id: "y", flaw: "one" },
        ];
        await show({ good: many, broken });
        const pages = await pagesOf(source);
        expect(textsOf(pages)).toEqual(manyTexts);
        expect(brokenOf(pages).map(({ id }) => id)).toEqual(["x", "y"]);
        for (const { problems, fingerprint } of brokenOf(pages)) {
          expect(problems.length).toBeGreaterThan(0);
          expect(fingerprint).toMatch(/^[0-9a-f]{64}$/u);
        }
        await show({ good: [], broken });
        const again = brokenOf(await pagesOf(source));
        expect(again.map(({ fingerprint }) => fingerprint)).toEqual(
          brokenOf(pages).map(({ fingerprint }) => fingerprint),
        );
        await show({ good: [], broken: [{ id: "x", flaw: "two" }] });
        expect(brokenOf(await pagesOf(source))[0]?.fingerprint).not.toBe(again[0]?.fingerprint);
      },
    );

    it.skipIf(harness.isNeverBroken)("prefers the good form of an item to a broken one", async () => {
      const { source, show } = await harness.start();
      await show({ good: many, broken: [{ id: "m3", flaw: "one" }] });
      const pages = await pagesOf(source);
      expect(textsOf(pages)).toEqual(manyTexts);
      const told = brokenOf(pages).map(({ id }) => id);
      expect(told).toEqual(harness.tellsTwins ? [expect.stringMatching(/^m3 \([0-9a-f]{8}\)$/u)] : []);
    });

    it("shows what is there at the time, and is changed by nobody who looks", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      const [one, other] = await Promise.all([pagesOf(source), pagesOf(source)]);
      expect(textsOf(one)).toEqual(manyTexts);
      expect(textsOf(other)).toEqual(manyTexts);
      await show({ good: many.slice(0, 2) });
      expect(textsOf(await pagesOf(source))).toHaveLength(2);
    });

    it("may be left in the middle of a listing, and asked again", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      for await (const page of source.list(request, never)) {
        expect(page.memories.length).toBeGreaterThan(0);
        break;
      }
      expect(textsOf(await pagesOf(source))).toEqual(manyTexts);
    });

    it("goes on behind any page that names a place, and shows everything for a place that it does not know", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      const pages = await pagesOf(source);
      expect(pages.at(-1)?.resume).toBeUndefined();
      for (const [index, { resume }] of pages.entries()) {
        if (resume === undefined) continue;
        const rest = await pagesOf(source, never, undefined, resume);
        expect(textsOf(rest)).toEqual(expect.arrayContaining(textsOf(pages.slice(index + 1))));
        expect(textsOf(rest).length).toBeLessThan(many.length);
      }
      expect(textsOf(await pagesOf(source, never, undefined, "of nobody"))).toEqual(manyTexts);
    });

    it("ends at an abort, with an abort, and serves others on", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      const error = await pagesOf(source, AbortSignal.abort()).catch((thrown) => thrown);
      expect([error.name, error.code]).toSatisfy(
        ([name, code]) => name === "AbortError" || code === "CANCELLED",
      );
      expect(textsOf(await pagesOf(source))).toEqual(manyTexts);
    });

    it("checks a context that is there, and knows no medium that is not", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      const { server, capabilities } = await source.check("CTX", never);
      expect(server).not.toBe("");
      expect(capabilities).toEqual(source.capabilities);
      const path = join(temporaryFolder(), "medium");
      const medium = { contextId: "CTX", memoryId: "m0", kind: "audio", maxBytes: 100 } as const;
      await expect(source.download(medium, path, never)).rejects.toMatchObject({ code: "MEDIA_NOT_FOUND" });
      expect(existsSync(path)).toBe(false);
    });

    it("shows all of a span of time, but for an hour at its beginning", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      const times = (await pagesOf(source)).flatMap((page) =>
        page.memories.map(({ createdAt }) => Date.parse(createdAt)),
      );
      const since = Math.min(...times) + hour;
      const pages = await pagesOf(source, never, { kind: "events", since: since - hour });
      expect(pages.at(-1)?.truncated).toBeNull();
      expect(pages.flatMap(({ memories }) => memories).length).toBe(
        times.filter((at) => at >= since - hour).length,
      );
    });

    it("tells of changes alone what has changed, and names what was deleted, if it says that it can", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      const { mark } = (await pagesOf(source)).at(-1) ?? {};
      expect(mark !== undefined).toBe(source.capabilities.since.by === "updated");
      if (mark === undefined) return;
      const changes = { kind: "changes", since: mark } as const;
      expect(textsOf(await pagesOf(source, never, changes))).toEqual([]);
      await show({ good: [{ id: "m0", transcript: "says more" }, ...many.slice(2)] });
      const pages = await pagesOf(source, never, changes);
      expect(textsOf(pages)).toEqual(["m0: says more"]);
      expect(pages.flatMap(({ deleted = [] }) => deleted)).toEqual(["m1"]);
      const next = { kind: "changes", since: pages.at(-1)?.mark ?? "" } as const;
      expect(textsOf(await pagesOf(source, never, next))).toEqual([]);
    });

    it("answers nothing any more once it is closed", async () => {
      const { source, show } = await harness.start();
      await show({ good: many });
      await source.close();
      await expect(pagesOf(source)).rejects.toThrow();
      await expect(source.check("CTX", never)).rejects.toThrow();
    });
  });
}
