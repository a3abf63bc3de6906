import { expect, test } from "vitest";
import { addressOf, match, placeOf } from "./router.ts";

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

test("a part whose encoding cannot be read is kept apart, and its page is not asked for another character", () => {
  const { query, unreadable } = placeOf("#/memories?person=%00%ff&tag=%E0%A4%A&place=a+b%20c&text=%EF%BF%BD");
  expect([...query]).toEqual([
    ["place", "a b c"],
    ["text", "\uFFFD"],
  ]);
  expect(unreadable).toEqual(["person=%00%ff", "tag=%E0%A4%A"]);
});

test("a page is found by all of its address", () => {
  expect(match("/", placeOf("#/"))).toEqual({});
  expect(match("/connectors/:id", placeOf("#/connectors"))).toBeNull();
  expect(match("/connectors/:id", placeOf("#/runs/x"))).toBeNull();
  for (const blank of ["%00", "%20", "%09%01"])
    expect(match("/connectors/:id", placeOf(`#/connectors/${blank}`))).toBeNull();
});

test("what is empty is not in an address", () => {
  expect(addressOf(["errors"], { code: "", connector: null, state: undefined })).toBe("#/errors");
});
