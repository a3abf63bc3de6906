import { expect, test } from "vitest";
import { questionOf } from "./question.ts";

test("an address without words asks nothing", () => {
  expect(questionOf(new URLSearchParams("q=%20&mode=mix"), "UTC")).toBeNull();
});

test("days are whole days of the calendar of its memories", () => {
  const asked = questionOf(
    new URLSearchParams("q=Who%3F&since=2025-09-05&until=2025-09-05"),
    "Europe/Lisbon",
  );
  expect(asked?.since).toBe("2025-09-04T23:00:00.000Z");
  expect(asked?.until).toBe("2025-09-05T22:59:59.999Z");
});

test("what is no day goes to the service as it is, which says what is wrong", () => {
  expect(questionOf(new URLSearchParams("q=a&since=soon&until=2025-99-99&mode=odd"), "UTC")).toMatchObject({
    since: "soon",
    until: "2025-99-99",
    mode: "odd",
  });
});
