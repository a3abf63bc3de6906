import { expect, test } from "vitest";
import { questionOf } from "./question.ts";

test("an address without words asks nothing", () => {
  expect(questionOf(new URLSearchParams("q=%20&mode=mix"))).toBeNull();
});

test("days are whole days of the browser's calendar", () => {
  const asked = questionOf(new URLSearchParams("q=Who%3F&since=2025-09-05&until=2025-09-05"));
  expect(asked?.since).toBe(new Date(2025, 8, 5).toISOString());
  expect(asked?.until).toBe(new Date(2025, 8, 5, 23, 59, 59, 999).toISOString());
});

test("what is no day goes to the service as it is, which says what is wrong", () => {
  expect(questionOf(new URLSearchParams("q=a&since=soon&until=2025-99-99&mode=odd"))).toMatchObject({
    since: "soon",
    until: "2025-99-99",
    mode: "odd",
  });
});
