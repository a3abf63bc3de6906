import { expect, test } from "vitest";
import { changed, chipsOf, filterOf, queryOf } from "./memory-filter.ts";

const filter = (search: string) => filterOf(new URLSearchParams(search));

test("the filter is the address: what it names, and nothing that is no value", () => {
  expect(filter("status=dead&tag=%20boat%20&x=1&person=")).toEqual({ status: "dead", tag: "boat" });
});

test("a chip says what it keeps the list to, and leads to the list without it", () => {
  const both = filter("status=processed&near=Lisbon&radius=5");
  expect(chipsOf(both, "UTC").map(({ text }) => text)).toEqual([
    "State: proved",
    "Near: Lisbon",
    "Within km: 5",
  ]);
  expect(chipsOf(both, "UTC").map(({ without }) => without)).toEqual([
    { near: "Lisbon", radius: "5" },
    { status: "processed" },
    { status: "processed", near: "Lisbon" },
  ]);
});

test("a change replaces its key and leaves the others", () => {
  expect(changed(filter("tag=boat&text=keel"), { text: "sail", person: "Zoë" })).toEqual({
    tag: "boat",
    text: "sail",
    person: "Zoë",
  });
});

test("the API is asked by its own names", () => {
  expect(queryOf(filter("connector=nina&context=C&radius=2&near=1,2&since=2025-09-05T10:00:00Z"))).toEqual({
    connectorId: "nina",
    contextId: "C",
    near: "1,2",
    radiusKm: 2,
    since: "2025-09-05T10:00:00Z",
  });
});

test("memories that are not live are one choice beside the states", () => {
  const filter = filterOf(new URLSearchParams("status=not_live"));
  expect([filter, queryOf(filter)]).toEqual([{ status: "not_live" }, { standing: "not_live" }]);
  expect(chipsOf(filter, "UTC")).toMatchObject([{ text: "State: not live", without: {} }]);
});

test("a day is asked for as a day, which the service takes as that of each connector, wherever the browser is", () => {
  const asked = { since: "2026-05-01", until: "2026-05-01" };
  expect(queryOf(filter("since=2026-05-01&until=2026-05-01"))).toEqual(asked);
});

test("a chip tells days as days, and moments with their zone", () => {
  const chips = chipsOf(filter("since=2026-05-01&until=2026-05-02T10:00:00Z"), "Europe/Lisbon");
  expect(chips.map(({ text }) => text)).toEqual([
    "Since: 1 May 2026",
    "Until: 2 May 2026, 11:00:00 (Europe/Lisbon)",
  ]);
});
