import { expect, test } from "vitest";
import { questionOf, withoutPart } from "./question.ts";

test("an address without words asks nothing", () => {
  expect(questionOf(new URLSearchParams("mode=mix"))).toBeNull();
});

test("days are asked for as days, which the service takes as those of each connector", () => {
  const asked = questionOf(new URLSearchParams("q=Who%3F&since=2025-09-05&until=2025-09-06"));
  expect(asked).toMatchObject({ since: "2025-09-05", until: "2025-09-06" });
});

test("a question without one of its limits keeps the others", () => {
  const asked = questionOf(new URLSearchParams("q=Who%3F&near=Nowhere&tag=boat"));
  expect(asked && Object.keys(withoutPart(asked, "near"))).not.toContain("near");
  expect(asked && withoutPart(asked, "near")).toMatchObject({ question: "Who?", tag: "boat" });
});
