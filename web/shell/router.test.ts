import { expect, test } from "vitest";
import { pages } from "./pages.ts";
import { addressOf, match, placeOf, unreadOf } from "./router.ts";

test("whatever a name is made of, its address leads back to it", () => {
  for (const name of ["nina", "a b", "ü/é", "100%", "a?b#c", "..", "&="]) {
    const address = addressOf(["connectors", name], { code: ["A", name] });
    expect(match("/connectors/:id", placeOf(address))).toEqual({ id: name });
    expect(placeOf(address).query.getAll("code")).toEqual(["A", name]);
  }
});

test("an address that somebody has typed wrong leads somewhere all the same", () => {
  expect(placeOf("#/connectors/%E0%A4%A").segments).toEqual(["connectors", "%E0%A4%A"]);
  expect(placeOf("").segments).toEqual([]);
  expect(placeOf("#//connectors//nina/").segments).toEqual(["connectors", "nina"]);
});

test("a page is found by all of its address", () => {
  expect(match("/", placeOf("#/"))).toEqual({});
  expect(match("/connectors/:id", placeOf("#/connectors"))).toBeNull();
  expect(match("/connectors/:id", placeOf("#/runs/x"))).toBeNull();
});

test("what is empty is not in an address", () => {
  expect(addressOf(["errors"], { code: "", connector: null, state: undefined })).toBe("#/errors");
});

test.each([
  ["year=2025&connector=nina", []],
  ["year=abc&month=4&colour=red", ["year=abc", "month=4", "colour=red"]],
  ["year=&constructor=1", ["constructor=1"]],
  ["size=0.1", []],
  ["size=0x1", ["size=0x1"]],
])("of %j a page says what it does not read", (search, unread) => {
  const reads = ["connector", "year=\\d{4}", "month=\\d{4}-\\d\\d", "size=1|0\\.1"];
  expect(unreadOf(placeOf(`#/timeline?${search}`), reads)).toEqual(unread);
});

test.each(["/memories", "/ask", "/service/audit"])(
  "a day that no calendar has is said to be left out at %s",
  (address) => {
    const reads = pages.find((page) => page.address === address)?.reads;
    const { query } = placeOf(`#${address}?since=2026-02-30&until=2026-02-28`);
    expect(unreadOf({ query }, reads)).toEqual(["since=2026-02-30"]);
  },
);
