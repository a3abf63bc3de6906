import { expect, test } from "vitest";
import type { ConnectorState } from "./connector-state.ts";
import { headline } from "./headline.ts";

const standing = (ranks: Record<string, ConnectorState["rank"]>) =>
  Object.entries(ranks).map(([id, rank]) => ({ id, state: { rank } }));

test.each<[string, Record<string, ConnectorState["rank"]>]>([
  ["Nothing is carried yet.", {}],
  ["The one connector is up to date.", { a: "fine" }],
  ["Both connectors are up to date.", { a: "fine", b: "fine" }],
  [
    "Two of four connectors are held up. Only museum needs you.",
    { museum: "needs you", b: "waits", c: "fine", d: "at rest" },
  ],
  ["One of two connectors is held up. It goes on by itself.", { a: "waits", b: "fine" }],
  ["Two of two connectors are held up. a and b need you.", { a: "needs you", b: "needs you" }],
  ["nina is at work. Nothing needs you.", { nina: "at work", b: "fine" }],
  ["All three connectors are up to date.", { a: "fine", b: "fine", c: "fine" }],
  ["Both connectors are at rest.", { a: "at rest", b: "at rest" }],
  ["Nothing needs you.", { a: "at rest", b: "fine" }],
])("%s", (sentence, ranks) => {
  expect(headline(standing(ranks))).toBe(sentence);
});
