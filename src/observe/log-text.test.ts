import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { toText } from "./log-text.ts";

const line = `${JSON.stringify({
  level: "WARNING",
  time: "2026-01-31T08:00:00.000Z",
  component: "orchestrator",
  connector_id: "personal",
  counts: { new: 3, nested: { deep: "two words" } },
  truncated: null,
  errors: [{ code: "X" }],
  msg: "run ended",
})}\n`;

const text =
  "2026-01-31T08:00:00.000Z  WARNING   orchestrator  run ended  " +
  'connector_id=personal counts.new=3 counts.nested.deep="two words" errors=[{"code":"X"}]\n';

test("a line for people has the message first and the fields after it", () => {
  expect(toText(line, false)).toBe(text);
});

test("colours change nothing but the colour", () => {
  const coloured = toText(line, true);
  expect(coloured).not.toBe(text);
  expect(stripVTControlCharacters(coloured)).toBe(text);
});

test("text that breaks a line or a terminal is quoted", () => {
  const hostile = JSON.stringify({ level: "INFO", time: "t", msg: "m", memory_id: "a\nb\u001b[2J" });
  expect(toText(hostile, false)).toBe('t  INFO      m  memory_id="a\\nb\\u001b[2J"\n');
});

test("what is no JSON object is shown as it is", () => {
  expect(toText("oops\n", false)).toBe("oops\n");
  expect(toText("[1]\n", false)).toBe("[1]\n");
});
