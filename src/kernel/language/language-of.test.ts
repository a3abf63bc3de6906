import { expect, test } from "vitest";
import { languageOf } from "./language-of.ts";

test.each([
  ["en", "Hey Jon! Good to see you."],
  ["en", "Met Priya, Rahul and Anjali."],
  ["de", "Ich war gestern mit Anna im Park."],
  ["nl", "Vandaag met Sanne naar de markt geweest."],
  ["fr", "Hier, j'ai parlé avec Marie."],
  ["es", "Ayer hablé con María."],
  ["pt", "Ontem falei com a Inês."],
  ["zh", "今天和妈妈去了公园。"],
  ["ja", "今日は東京に行きました。"],
  ["ko", "오늘은 비가 왔다."],
])("%s: %s", async (language, text) => {
  expect(await languageOf(text)).toBe(language);
});

test("a short text that may be of several languages is of the one that is expected", async () => {
  expect(await languageOf("Met oma", "nl-NL")).toBe("nl");
  expect(await languageOf("Oma in Wien", "de")).toBe("de");
  expect(await languageOf("Ich war gestern mit Anna im Park, und es hat geregnet.", "fr")).toBe("de");
});

test("nothing is told of a text without letters but what is expected of it", async () => {
  expect(await languageOf("12:30 …")).toBeNull();
  expect(await languageOf("", "de")).toBe("de");
});
