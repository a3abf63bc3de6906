import { expect, test } from "vitest";
import { addressRanges, isAddressRange } from "./address-ranges.ts";

test.each(["127.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8"])(
  "%s is an address or a range",
  (range) => {
    expect(isAddressRange(range)).toBe(true);
    expect(() => addressRanges([range])).not.toThrow();
  },
);

test.each([
  "",
  "localhost",
  "10.0.0.0/33",
  "10.0.0.0/",
  "10.0.0.0/8/8",
  "10.0.0/8",
  "fd00::/129",
  "/8",
  "1.1.1.1/-1",
])("%j is neither", (range) => {
  expect(isAddressRange(range)).toBe(false);
});

test("a range holds its addresses and no others", () => {
  const ranges = addressRanges(["10.1.0.0/16", "127.0.0.1"]);
  const held = ["10.1.255.255", "127.0.0.1", "10.2.0.0", "127.0.0.2"].filter((address) =>
    ranges.check(address),
  );
  expect(held).toEqual(["10.1.255.255", "127.0.0.1"]);
});
