import { expect, test } from "vitest";
import { templateIsUsable } from "./settings.ts";

const reasonsOf = (template: string) =>
  templateIsUsable({ strategy: "template", template }).map(({ reason }) => reason);

test.each([
  "static text only",
  "{{date}}",
  "{{title}} {{#content}}has words{{/content}}",
  "{{! {{content}} }}",
])("a template that shows nothing of what a memory says is refused: %s", (template) => {
  expect(reasonsOf(template)).toEqual([expect.stringContaining("every document would be the same")]);
});

test.each([
  "{{content}}",
  "{{date}}: {{{transcript}}}",
  "{{#title}}{{&content}}{{/title}}",
  "{{#transcript}}{{.}}{{/transcript}}",
])("one that shows it is not: %s", (template) => {
  expect(reasonsOf(template)).toEqual([]);
});

test("what is wrong otherwise is told first", () => {
  expect(reasonsOf("{{nmae}}")).toEqual([expect.stringContaining('there is no variable "nmae"')]);
});
