import { expect, test } from "vitest";
import { partsOf } from "./word-forms.ts";

test("a word has parts by its script, and characters have none", () => {
  expect(partsOf("plane")).toEqual(["<pla", "plan", "lane"]);
  expect(partsOf("고양이")).toEqual(["<고", "고양", "양이"]);
  expect(partsOf("בית")).toEqual(["<בי", "בית", "ית>"]);
  expect(partsOf("東京")).toEqual([]);
});
