import { expect, test } from "vitest";
import { ManualClock } from "../../../../test/support/manual-clock.ts";
import { Acceptances } from "./acceptances.ts";

const documentOf = (name: string) => ({ fileSource: `${name}.md`, text: ` the text of ${name} ` });
const refOf = (name: string, trackId?: string) => ({ fileSource: `${name}.md`, documentId: "any", trackId });

function accepting(...names: string[]) {
  const clock = new ManualClock(1_000_000);
  const acceptances = new Acceptances(clock, 30_000);
  for (const name of names) acceptances.note(documentOf(name), `doc-${name}`, "t");
  return { clock, acceptances };
}

test("what was accepted is pending, with all that is known of it", () => {
  const { acceptances } = accepting("a");
  expect(acceptances.pending(refOf("a", "t"))).toEqual({
    awaited: true,
    documentId: "doc-a",
    fileSource: "a.md",
    status: "pending",
    trackId: "t",
    chunks: 0,
    error: undefined,
    modelUnavailable: false,
    contentSummary: "the text of a",
    contentLength: 13,
    updatedAt: 1_000_000,
  });
});

test("only that insert of that name is", () => {
  const { acceptances } = accepting("a");
  expect(acceptances.pending(refOf("a"))).toBeUndefined();
  expect(acceptances.pending(refOf("a", "another"))).toBeUndefined();
  expect(acceptances.pending(refOf("b", "t"))).toBeUndefined();
  expect([acceptances.expects("doc-a"), acceptances.expects("doc-b")]).toEqual([true, false]);
});

test("each is for its own time of grace, to the millisecond", () => {
  const { clock, acceptances } = accepting("a");
  clock.advance(10_000);
  acceptances.note(documentOf("b"), "doc-b", "t");
  const known = () => ["a", "b"].map((name) => acceptances.expects(`doc-${name}`));
  clock.advance(19_999);
  expect(known()).toEqual([true, true]);
  clock.advance(1);
  expect(known()).toEqual([false, true]);
  clock.advance(9_999);
  expect(acceptances.pending(refOf("b", "t"))).toBeDefined();
  clock.advance(1);
  expect(acceptances.pending(refOf("b", "t"))).toBeUndefined();
  acceptances.note(documentOf("c"), "doc-c", "t");
  clock.advance(29_999);
  expect(acceptances.expects("doc-c")).toBe(true);
  clock.advance(1);
  expect(acceptances.expects("doc-c")).toBe(false);
});

test("what LightRAG lists, and what was removed, is not expected any more", () => {
  const { acceptances } = accepting("a", "b", "c");
  acceptances.seen(refOf("a"));
  expect(acceptances.expects("doc-a")).toBe(true);
  acceptances.seen(refOf("a", "t"));
  acceptances.forget(["doc-b", "doc-x"]);
  expect(["a", "b", "c"].map((name) => acceptances.expects(`doc-${name}`))).toEqual([false, false, true]);
});
