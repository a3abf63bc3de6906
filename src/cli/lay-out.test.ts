import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth, layOut, renderTable } from "./lay-out.ts";

const widths = [40, 80, 120, 200];
const withoutWhite = (text: string) => text.replaceAll(/\s/gu, "");
const wordsOf = (text: string) => text.split(/\s+/u).filter(Boolean);

test.each([
  ["plain", 5],
  ["", 0],
  ["東京の猫", 8],
  ["한국어", 6],
  ["カタカナ", 8],
  ["ｶﾅ", 2],
  ["e\u0301te\u0301", 3],
  ["👩‍👩‍👧 ok", 5],
  ["a\u200bb", 2],
  ["สวัสดี", 4],
  ["ทำงาน", 5],
  ["नमस्ते", 4],
  ["रिया", 4],
  ["ﾊﾟﾝ", 3],
  ["\u1112\u1161\u11ab", 2],
  ["☺", 1],
  ["\u2068ab\u2069", 2],
])("%s takes %i columns", (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test("tables align by what a terminal shows, not by code units", () => {
  const table = renderTable(
    ["NAME", "KIND"],
    [
      ["東京", "city"],
      ["Zoë", "person"],
    ],
  );
  expect(layOut(table, null)).toBe("NAME  KIND\n東京  city\nZoë   person");
});

test("text from elsewhere cannot move the cursor, forge a line or a cell", () => {
  const table = renderTable(["ID", "STATE"], [["a\u001b[2J\n\u001fb", "ok"]]);
  expect(layOut(table, null)).toBe("ID       STATE\na [2J b  ok");
});

test.each(widths)(
  "at %i columns a table that does not fit stands upright, and no value is lost",
  (columns) => {
    const header = ["CONNECTOR", "SCHEDULE", "LAST RUN", "DESCRIPTION"];
    const rows = [
      [
        "personal-memories",
        "every 1 h",
        "success, 3 min 05 s ago",
        "what was said on the way to work, and back",
      ],
      ["日記", "0 2 * * * (Europe/Zurich)", "never", ""],
    ];
    const shown = layOut(renderTable(header, rows), columns);
    for (const line of shown.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    for (const value of rows.flat().flatMap(wordsOf)) expect(shown).toContain(value);
    const isUpright = shown.split("\n").filter((line) => line.startsWith("CONNECTOR  ")).length > 1;
    expect(isUpright).toBe(columns < 120);
  },
);

test.each(widths)(
  "at %i columns prose is broken between words only, beneath what it belongs to",
  (columns) => {
    const text =
      "  memories  12 pending · 3 failed · 1,204 processed · 2 skipped · 1 dead · 3 submitted\n" +
      "CONFIG_NOT_FOUND: there is no file /etc/memory-connector/config.yaml · write one with `memory-connector init --config /etc/x.yaml`";
    const shown = layOut(text, columns);
    expect(wordsOf(shown)).toEqual(wordsOf(text));
    expect(shown).toContain("`memory-connector init --config /etc/x.yaml`");
    for (const line of shown.split("\n").filter((each) => !each.includes("`") && !each.includes("/etc")))
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    if (columns < 80) expect(shown.split("\n")[1]).toMatch(/^ {12}\S/u);
  },
);

test.each([
  "今天小梅告诉我，她在杭州的新店下个月开张（西湖边上）。",
  "きのう、田中さんと「青い鳥」を見た。とても楽しかった！",
  "เมื่อวานไปตลาดกับแม่และซื้อมะม่วงสามกิโลกรัม",
])("%s, which has no blanks, is broken where its script may be, and nothing of it is lost", (sentence) => {
  const text = sentence.repeat(6);
  for (const columns of [20, 40, 79]) {
    for (const line of [text, `  said      ${text}`, `- ${text}`]) {
      const shown = layOut(line, columns).split("\n");
      for (const each of shown) expect(displayWidth(each)).toBeLessThanOrEqual(columns);
      for (const each of shown) expect(each.trim()).toMatch(/^[^，。、！）」]/u);
      expect(withoutWhite(shown.join(""))).toBe(withoutWhite(line));
    }
  }
});

test("in a table, too; what is one word is shown whole at any width, to be copied", () => {
  const id = `m-${"0123456789abcdef".repeat(5)}`;
  const said = "東京で猫を見た。".repeat(10);
  const shown = layOut(renderTable(["ID", "SAID"], [[id, said]]), 40).split("\n");
  expect(shown.filter((line) => line.includes(id))).toHaveLength(1);
  expect(withoutWhite(shown.join(""))).toBe(`ID${id}SAID${said}`);
  for (const line of shown.filter((each) => !each.includes(id)))
    expect(displayWidth(line)).toBeLessThanOrEqual(40);
});

test("whatever a text is, it comes out in its order, and a line that is too long is a single word", () => {
  const text = fc
    .array(fc.stringMatching(/^[a-z東é0-9]{1,12}$/u), { maxLength: 30 })
    .map((words) => words.join(" "));
  fc.assert(
    fc.property(text, fc.integer({ min: 10, max: 60 }), (line, columns) => {
      const shown = layOut(line, columns);
      expect(withoutWhite(shown)).toBe(withoutWhite(line));
      if (!line.includes("東")) expect(wordsOf(shown)).toEqual(wordsOf(line));
      for (const each of shown.split("\n"))
        expect(displayWidth(each) <= columns || wordsOf(each).length === 1).toBe(true);
    }),
  );
});
