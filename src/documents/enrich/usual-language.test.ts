import { expect, test } from "vitest";
import { languageContexts, realMemories, realMemoriesMissing } from "../../../test/support/real-memories.ts";
import type { Memory } from "../../domain/memory.ts";
import { languageOf } from "../../kernel/language/language-of.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import { OfflinePlaceFinder } from "../places/offline-place-finder.ts";
import { createEnricher } from "./create-enricher.ts";
import { UsualLanguage } from "./usual-language.ts";

const telling = "Gestern habe ich mit meiner Schwester lange über den Garten gesprochen.";
const cache = () => new MemoryValueCache();

test("nothing is usual before three texts have told their language, and short ones tell none", async () => {
  const usual = new UsualLanguage(cache(), "c1");
  for (const text of [telling, telling, "Met oma", "Met oma"]) await usual.learn(text, "de");
  expect(await usual.find()).toBeNull();
  await usual.learn(telling, "de");
  expect(await usual.find()).toBe("de");
});

test("of two languages that share the memories none is usual", async () => {
  const usual = new UsualLanguage(cache(), "c1");
  for (const language of ["de", "en", "de", "en"]) await usual.learn(telling, language);
  expect(await usual.find()).toBeNull();
});

test("fifty memories decide for good, each connector by its own", async () => {
  const kept = cache();
  const usual = new UsualLanguage(kept, "c1");
  for (let i = 0; i < 50; i++) await usual.learn(telling, "de");
  for (let i = 0; i < 80; i++) await usual.learn(telling, "fr");
  expect(await new UsualLanguage(kept, "c1").find()).toBe("de");
  expect(await new UsualLanguage(kept, "c2").find()).toBeNull();
});

const memory: Memory = {
  id: "m1",
  type: "note",
  audio: false,
  image: false,
  transcript: "",
  location: null,
  createdAt: "2025-05-18T13:47:05Z",
  updatedAt: null,
  title: null,
  tags: [],
};

/** The people in the last of these texts, after the others. */
async function namesAfter(
  texts: readonly string[],
  language: string | null = null,
): Promise<readonly string[]> {
  const settings = { strategy: "rich", geocoding: false, extractTags: true, timeZone: null, language };
  const enricher = createEnricher(settings, {
    placeFinder: new OfflinePlaceFinder(),
    media: null,
    usualLanguage: new UsualLanguage(cache(), "c1"),
    report: () => expect.unreachable(),
  });
  let people: readonly string[] = [];
  for (const transcript of texts) {
    const enriched = await enricher.enrich("CTX", { ...memory, transcript }, new AbortController().signal);
    people = enriched.facts?.people ?? [];
  }
  return people;
}

const english = [
  "Went to the market with my sister today and bought far too much cheese.",
  "It rained all day, so we stayed at home and read, and nobody minded.",
  "Tomorrow we take the train to the coast to see the exhibition.",
];

test.each(["Met Paolo", "Dinner, Marta", "Met Sven at ten"])(
  "the people of a note of a few words are found where its connector's memories are English: %s",
  async (short) => {
    expect(await namesAfter([short])).toEqual([]);
    const people = [short.match(/Paolo|Marta|Sven/u)?.[0]];
    expect(await namesAfter([...english, short])).toEqual(people);
    expect(await namesAfter([short], "en-GB")).toEqual(people);
  },
);

const codes = new Map<string, string>(
  languageContexts.filter((c) => c !== "LMIX").map((context) => [context, context.slice(1).toLowerCase()]),
);
const clause = /[.,;:!?…。！？、，؟،\n]+/u;

test.skipIf(realMemoriesMissing !== null)(
  "of the clauses of a few words in seventeen languages 98 in 100 are told right by what is usual in their connector, 94 without it",
  async () => {
    const counts = { all: 0, alone: 0, usual: 0 };
    for (const context of languageContexts.filter((each) => codes.has(each))) {
      const language = codes.get(context);
      const usual = new UsualLanguage(cache(), context);
      const texts = (await realMemories(context)).map(({ transcript }) => transcript);
      for (const text of texts) await usual.learn(text, await languageOf(text));
      const short = texts.flatMap((text) => text.split(clause)).filter(isShort);
      for (const text of short) {
        counts.all += 1;
        counts.alone += Number((await languageOf(text)) === language);
        counts.usual += Number((await languageOf(text, await usual.find())) === language);
      }
    }
    expect(counts.all).toBeGreaterThan(300);
    expect(counts.alone / counts.all).toBeLessThan(0.96);
    expect(counts.usual / counts.all).toBeGreaterThan(0.98);
  },
);

function isShort(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters >= 4 && letters < 24;
}
