import { expect, test } from "vitest";
import { linkTo, referenceTo } from "../../src/mcp/memory-reference.ts";
import { pages } from "../shell/pages.ts";
import { match, placeOf } from "../shell/router.ts";

test("the link that a tool gives to a memory opens its page, whatever its ids are", () => {
  const key = { connectorId: "one", contextId: "a/b c", memoryId: "ü#?%/1" };
  const { hash } = new URL(linkTo(referenceTo(key), "http://127.0.0.1:9622/deep") ?? "");
  const found = pages.map(({ address }) => match(address, placeOf(hash))).filter((params) => params !== null);
  expect(found).toEqual([key]);
});
