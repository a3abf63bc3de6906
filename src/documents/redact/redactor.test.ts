import { decodeHTML } from "entities";
import fc from "fast-check";
import { expect, test } from "vitest";
import { processorMsSince } from "../../../test/support/processor-time.ts";
import type { Memory } from "../../domain/memory.ts";
import { noFacts } from "../../domain/memory-facts.ts";
import { MemoryTransformer } from "../memory-transformer.ts";
import { createStrategy } from "../registry.ts";
import { foldName } from "./folded-text.ts";
import {
  isRedactedId,
  nameProblem,
  patternProblem,
  type Redaction,
  Redactor,
  redactedId,
  replacementProblem,
} from "./redactor.ts";

const redactorOf = (change: Partial<Redaction>) =>
  new Redactor({ patterns: [], names: [], replacement: "[…]", ...change });

test.each([
  [
    "Ana",
    "Ana, ANA and ana; not Anastasia, banana or Anas",
    "[…], […] and […]; not Anastasia, banana or Anas",
  ],
  ["Ana", "Ana's dog, Ana’s cat", "[…]'s dog, […]’s cat"],
  ["Ana Silva", "Ana\n Silva, ana-silva, @anasilva, ana_silva.jpg, Ana", "[…], […], @[…], […].jpg, Ana"],
  ["José", "Jose\u0301, José, JOSE", "[…], […], […]"],
  ["Greta", "Gretas Haus, Gretasche", "[…] Haus, Gretasche"],
  ["Müller", "MÜLLER, Mu\u0308ller, Muller", "[…], […], […]"],
  ["Weiß", "WEISS", "[…]"],
  ["田中", "田中さんと話した", "[…]さんと話した"],
  ["민수", "민수가 왔다, 김민수", "[…]가 왔다, 김민수"],
  ["דנה", "ודנה באה", "ו[…] באה"],
  ["राम", "राम रोम", "[…] रोम"],
  ["Зоя", "ЗОЯ идёт", "[…] идёт"],
  ["Ana", "A\u00ADna and A\u200Bna", "[…] and […]"],
  ["Ana", "A\u0001na, not An\u00ADa\u00ADstasia", "[…], not An\u00ADa\u00ADstasia"],
  ["Müller", "M&uuml;ller, M&uumlller, M&amp;uuml;ller, Mu&#x308;ller", "[…], […], […], […]"],
  ["Grete", "Gr&#101;te, Gr&#x65;tes, Gr&shy;ete", "[…], […], […]"],
  ["O'Brien", "O&#39;Brien, O&apos;Brien, O&rsquo;Brien, O\\'Brien", "[…], […], […], […]"],
  ["Ada Lovelace", "**Ada** Lovelace, Ada&nbsp;**Lovelace**", "**[…], […]**"],
  ["Ada Lovelace", "[Ada](x) Lovelace, [Ada][1] Lovelace", "[[…], [[…]"],
  ["Ada Lovelace", "A<b>da</b> Love<i>lace</i>, A&lt;b&gt;da Lovelace", "[…]</i>, […]"],
  ["Ada Byron Lovelace", "Ada<br>Byron Lovelace, AdaByron-Lovelace", "[…], […]"],
  [
    "Ana",
    '<img alt="Ana">, [x](of/Ana), file_Ana_2, un*Ana*',
    '<img alt="[…]">, [x](of/[…]), file_[…]_2, un*[…]*',
  ],
])("the name %s is taken out of %j", (name, text, expected) => {
  expect(redactorOf({ names: [name] }).text(text)).toBe(expected.normalize("NFC"));
});

test.each([
  ["\\d{4}", "call 123456 or 12", "call […] or 12"],
  ["[A-Z]{2}\\d{2}( ?\\d{4}){3,7}", "to DE89 3704 0044 0532 0130 1234 soon", "to […] soon"],
  ["\\bdr\\.? \\w+", "see Dr. Weiss and dr Who, not adr x", "see […] and […], not adr x"],
  ["^note: .*$", "a\nNote: private\nb", "a\n[…]\nb"],
  ["(?:a|bc)+d?", "xabcad", "x[…]"],
  ["caf\u0065\u0301", "a café, cafe&#x301;", "a […], […]"],
  ["\\b\\d{3}-\\d{2}-\\d{4}\\b", "123&#45;45-6789, **123**-45-6&#55;8<b>9</b>, 1-2", "[…], **[…]</b>, 1-2"],
])("the pattern %s takes every place out that it fits", (pattern, text, expected) => {
  expect(redactorOf({ patterns: [pattern] }).text(text)).toBe(expected);
});

test("a pattern finds what the language's own engine finds, and takes no more out than it fits", () => {
  const piece = fc.constantFrom("a", "b", "[ab]", ".", "(a|bb)", "(ab)*", "b+", "a?", "c{1,2}", "(a*b)+");
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
      fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 }),
      (pattern, text) => {
        fc.pre(patternProblem(pattern) === null);
        // Every part that fits, by trying them all.
        const covered = new Set<number>();
        for (let start = 0; start < text.length; start += 1)
          for (let end = start + 1; end <= text.length; end += 1)
            if (new RegExp(`^(?:${pattern})$`, "iu").test(text.slice(start, end)))
              for (let at = start; at < end; at += 1) covered.add(at);
        const left = Array.from(
          redactorOf({ patterns: [pattern] })
            .text(text)
            .replaceAll("[…]", ""),
        ).join("");
        expect(left).toBe(Array.from(text, (unit, at) => (covered.has(at) ? "" : unit)).join(""));
      },
    ),
  );
});

test("patterns that make other engines try for years take time in proportion to the text", () => {
  const since = process.cpuUsage();
  const slow = redactorOf({
    patterns: ["(a+)+$x", "(\\w+\\s?)*!z", "(a|aa)+b"],
    names: ["aaaaaaaaaaaaaaab"],
  });
  slow.text(`${"a".repeat(100_000)}!`);
  expect(processorMsSince(since)).toBeLessThan(10_000);
});

test.each([
  ["(?=a)b", "looks ahead"],
  ["(a)\\1", "refers back"],
  ["a*", "fits the empty text"],
  ["\\b", "fits the empty text"],
  ["(", "is no regular expression"],
  ["(a{1000}){1000}", "too large"],
])("the pattern %s is refused: it %s", (pattern, problem) => {
  expect(patternProblem(pattern)).toContain(problem);
});

test("a replacement that could bring a name back is refused, and so is a name of one letter", () => {
  const given = { patterns: [], names: ["Max"], replacement: "XXX" };
  expect(replacementProblem(given)).toBe('begins or ends with a sign of the name "Max"');
  for (const replacement of ["Max", "(max)", "[M&#97;x]"])
    expect(replacementProblem({ ...given, replacement })).toContain('contains the name "Max"');
  expect(replacementProblem({ ...given, replacement: "***" })).toBeNull();
  expect(replacementProblem({ ...given, replacement: " - " })).toContain("nothing but");
  expect(replacementProblem({ patterns: ["\\w+"], names: [], replacement: "[gone]" })).toContain("patterns");
  expect(nameProblem("A.")).not.toBeNull();
});

const memory: Memory = {
  id: "Ana.md",
  type: "note",
  audio: true,
  image: true,
  transcript: "Ana sings.",
  location: null,
  createdAt: "2026-03-01T08:15:00Z",
  updatedAt: null,
  title: "Ana",
  tags: ["#Ana", "sea", "Ana at sea"],
  url: "https://example.org/%41na",
  placeName: "Casa Ana",
  attachments: [{ kind: "file", name: "ana-1.pdf", id: "files/Ana.pdf" }],
  segments: [{ speaker: "Ana", startMs: null, endMs: null, text: "I am Ana." }],
  facts: {
    ...noFacts,
    place: { district: "Ana", city: "Ana Bay", region: null, country: null, distanceKm: null },
    tags: ["ana"],
    people: ["Ana", "Ana Costa"],
    links: ["https://example.org/ana", "https://example.org"],
    transcription: "by Ana",
    image: { description: "Ana at sea", text: "ANA" },
  },
};

test("a memory says the words nowhere, and what is nothing but such a word is no tag, person or link", () => {
  expect(redactorOf({ names: ["Ana"] }).memory(memory)).toEqual({
    ...memory,
    id: redactedId("Ana.md"),
    transcript: "[…] sings.",
    title: "[…]",
    tags: ["sea", "[…] at sea"],
    url: undefined,
    placeName: "Casa […]",
    attachments: [{ kind: "file", name: "[…]-1.pdf", id: redactedId("files/Ana.pdf") }],
    segments: [{ speaker: "[…]", startMs: null, endMs: null, text: "I am […]." }],
    facts: {
      ...memory.facts,
      place: { district: "[…]", city: "[…] Bay", region: null, country: null, distanceKm: null },
      tags: [],
      people: ["[…] Costa"],
      links: ["https://example.org"],
      transcription: "by […]",
      image: { description: "[…] at sea", text: "[…]" },
    },
  });
});

/** Names and the texts around them, of several scripts and forms. */
const letters = fc.constantFrom(..."aáAeßLnNsñoZж田ナमר", " ", "-", "'", "\u0301", "\u00AD");
const name = fc
  .string({ unit: letters, minLength: 2, maxLength: 8 })
  .filter((each) => nameProblem(each) === null);

test("whatever names and memories say: no document has a name in it, nor its name, and once is enough", () => {
  const texts = (names: readonly string[]) =>
    fc.array(
      fc.oneof(fc.constantFrom(...names), fc.string({ unit: letters, maxLength: 6 }), fc.constant(" ")),
      {
        maxLength: 8,
      },
    );
  const worlds = fc.array(name, { minLength: 1, maxLength: 4 }).chain((names) => {
    const text = texts(names).map((parts) => parts.join(""));
    return fc.record({
      names: fc.constant(names),
      transcript: text,
      title: text,
      speaker: text,
      id: text.filter((id) => id.trim() !== ""),
      tags: fc.array(text, { maxLength: 2 }),
    });
  });
  fc.assert(
    fc.property(worlds, ({ names, speaker, ...said }) => {
      const redactor = new Redactor({ names, patterns: [], replacement: "[…]" });
      const segments = [{ speaker, startMs: null, endMs: null, text: said.transcript }];
      const given: Memory = { ...memory, ...said, segments, facts: noFacts, attachments: [] };
      const redacted = redactor.memory(given);
      expect(redactor.memory(redacted)).toEqual(redacted);
      // A made id has nothing of the other one, whatever its digits look like.
      const id = isRedactedId(redacted.id) ? "" : redacted.id;
      const told = [id, redacted.title, redacted.transcript, ...redacted.tags];
      const spoken = redacted.segments?.flatMap((each) => [each.speaker, each.text]) ?? [];
      for (const text of [...told, ...spoken]) {
        const words = foldName(text ?? "").split(/[^\p{L}\p{M}']+/u);
        for (const one of names.map(foldName).filter((each) => /^\p{L}+$/u.test(each)))
          expect(words).not.toContain(one);
      }
    }),
    { numRuns: 500 },
  );
});

/** What a name may be written with, and how what is written so is read. */
const signs = [
  "*",
  "**",
  "_",
  "~",
  "`",
  "[",
  "](to/it)",
  "<b>",
  "</b>",
  '<a href="x">',
  "<!-- -->",
  "&shy;",
  "&#8203;",
];
const writing = fc.constantFrom(...signs, "");
const inReferences = (letter: string, form: number) =>
  [
    letter,
    `&#${letter.codePointAt(0)};`,
    `&#x${letter.codePointAt(0)?.toString(16)};`,
    `&amp;#${letter.codePointAt(0)};`,
  ][form] ?? letter;
const read = (text: string) =>
  [1, 2]
    .reduce((rest) => decodeHTML(rest), text)
    .replaceAll(/<[^<>]*>|\]\(to\/it\)|[*_~`[\u00AD\u200B]/gu, "");

test("a name is taken out with whatever markup stands in it, and whatever letters are written as references", () => {
  const written = fc
    .constantFrom("Ada Lovelace", "Grete", "O'Brien", "Jürgen Müller", "田中", "Зоя")
    .chain((name) =>
      fc.record({
        name: fc.constant(name),
        parts: fc.tuple(...Array.from(name, (letter) => fc.tuple(fc.constant(letter), fc.nat(3), writing))),
      }),
    );
  fc.assert(
    fc.property(written, ({ name, parts }) => {
      const text = parts.map(([letter, form, sign]) => `${sign}${inReferences(letter, form)}`).join("");
      const left = redactorOf({ names: [name] }).text(`See ${text} here.`);
      expect(read(`See ${text} here.`)).toContain(name);
      expect(read(left)).not.toContain(name);
      expect(read(left)).toMatch(/^See .* here\.$/u);
    }),
    { numRuns: 500 },
  );
});

test("markup and references take time in proportion to the text", () => {
  const since = process.cpuUsage();
  const redactor = redactorOf({ names: ["Ana"], patterns: ["x+y"] });
  for (const part of ["](", "]((x)](x", "][", "<a", "<!--", "&amp;", "&am", "a*"])
    redactor.text(part.repeat(20_000));
  expect(processorMsSince(since)).toBeLessThan(20_000);
});

test("what was kept before the words were to be taken out leaves without them, or not at all under its old id", () => {
  const transformer = new MemoryTransformer(createStrategy("rich"), {
    skipEmptyTranscripts: true,
    redactor: redactorOf({ names: ["Ana"] }),
  });
  const kept = { ...memory, id: "m1" };
  const { members: _, ...note } = kept;
  const group = { ...kept, id: "2026-03-01~no-place", members: [{ ...note, id: "Ana 2" }, note] };
  for (const each of [kept, group]) {
    const written = transformer.write("CTX", each);
    expect(written).toMatchObject({ kind: "document", text: expect.stringContaining("I am […].") });
    expect(JSON.stringify(written)).not.toMatch(/ana\b/iu);
  }
  expect(transformer.write("CTX", memory)).toMatchObject({ kind: "skip", reason: "id_redacted" });
});
