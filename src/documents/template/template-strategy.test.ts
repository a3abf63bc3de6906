import { expect, test } from "vitest";
import { processorMsSince } from "../../../test/support/processor-time.ts";
import type { Memory } from "../../domain/memory.ts";
import { noFacts } from "../../domain/memory-facts.ts";
import { TemplateTransformationStrategy } from "./template-strategy.ts";

const memory: Memory = {
  id: "m1",
  type: "voice_note",
  audio: true,
  image: false,
  transcript: "Met <Ana> & Bob.",
  location: { lat: 19.1, lon: 72.9 },
  createdAt: "2023-05-18T13:47:05Z",
  updatedAt: null,
  title: null,
  tags: ["boats"],
  facts: {
    ...noFacts,
    timeZone: "Asia/Kolkata",
    place: { district: null, city: "Powai", region: "Maharashtra", country: "India", distanceKm: 1.9 },
    people: ["Ana", "Bob"],
    tags: ["harbour"],
  },
};

function render(template: string, change: Partial<Memory> = {}): string {
  return new TemplateTransformationStrategy(template).transform({ ...memory, ...change });
}

test("variables are replaced by plain text, unescaped in every way of writing them", () => {
  expect(render("{{transcript}} | {{{transcript}}} | {{&transcript}}")).toBe(
    "Met <Ana> & Bob. | Met <Ana> & Bob. | Met <Ana> & Bob.",
  );
});

test("a section appears when its variable says something, an inverted one when it does not", () => {
  const template =
    "{{#title}}# {{title}}\n{{/title}}{{^title}}no title\n{{/title}}{{type_label}} from {{city}}";
  expect(render(template)).toBe("no title\nVoice note from Powai");
  expect(render(template, { title: "Harbour" })).toBe("# Harbour\nVoice note from Powai");
});

test("a section over a list repeats for each entry, and the list's text names all", () => {
  expect(render("{{#people_list}}\n- {{.}}\n{{/people_list}}\n{{tags}}")).toBe(
    "- Ana\n- Bob\nboats, harbour",
  );
});

test("a transcript that looks like a template stays as it is", () => {
  expect(render("{{transcript}}", { transcript: "{{id}} {{#tags}}" })).toBe("{{id}} {{#tags}}");
});

test("a template that comes to nothing gives the marker", () => {
  expect(render("{{title}}\n {{! nothing }}")).toBe("[no transcript]");
});

test("a memory that nobody has looked into renders too", () => {
  const { facts: _, ...bare } = memory;
  expect(new TemplateTransformationStrategy("{{recorded}}|{{place}}|{{distance_km}}").transform(bare)).toBe(
    "Thursday, 18 May 2023, 13:47:05 (UTC), midday||",
  );
});

test.each([
  ["{{transcript}}\n{{nmae}}", 'line 2: there is no variable "nmae"'],
  ["{{constructor}}", 'line 1: there is no variable "constructor"'],
  ["{{__proto__}}", 'line 1: there is no variable "__proto__"'],
  ["{{title.length}}", 'line 1: there is no variable "title.length"'],
  ["a\n\n{{#tittle}}x{{/tittle}}", 'line 3: there is no variable "tittle"'],
  ["{{transcript", "line 1: unclosed tag"],
  ["\n{{#title}}x", 'line 2: unclosed section "title"'],
  ["{{/title}}", 'line 1: unopened section "title"'],
  ["{{=x=}}", "line 1: it is no Mustache template"],
  ["{{> header}}", "line 1: there are no partials: {{>header}}"],
  ["{{.}}", "line 1: {{.}} has a meaning only in a section"],
  ["{{#tag_list}}{{transcript}}{{/tag_list}}", "line 1: only {{.}} may be used in a section over a list"],
  [
    "{{#tag_list}}{{#people_list}}{{.}}{{/people_list}}{{/tag_list}}",
    "line 1: a section over a list may hold no other section",
  ],
  [`${"{{#title}}".repeat(11)}x${"{{/title}}".repeat(11)}`, "line 1: sections lie more than 10 deep"],
  ["{{transcript}}".repeat(6), 'line 1: "transcript" is used more than 5 times'],
  ["x".repeat(20_001), "line 1: it has 20001 characters, and at most 20000 are allowed"],
])("the template %j is refused, and the message says where and why", (template, message) => {
  expect(() => new TemplateTransformationStrategy(template)).toThrow(
    expect.objectContaining({ code: "TEMPLATE_INVALID", message: expect.stringContaining(message) }),
  );
});

test("all problems of a template are named at once", () => {
  const bad = "{{one}}\n{{two}}\n{{#three}}{{/three}}";
  expect(() => new TemplateTransformationStrategy(bad)).toThrow(
    /line 1: .*"one"; line 2: .*"two"; line 3: .*"three"/u,
  );
});

test("the largest template over the largest memory ends at once", () => {
  const sections = "{{#tag_list}}{{.}}{{/tag_list}}".repeat(5);
  const template = `${sections}${"{{transcript}}".repeat(5)}`.padEnd(20_000, "x");
  const started = process.cpuUsage();
  const text = render(template, {
    transcript: "y".repeat(100_000),
    tags: Array.from({ length: 1000 }, (_, i) => `t${i}`),
  });
  expect(text.length).toBeGreaterThan(500_000);
  expect(processorMsSince(started)).toBeLessThan(1000);
});
