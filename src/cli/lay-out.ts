import { printable } from "../kernel/util/terminal-text.ts";
import type { CliIo } from "./cli-io.ts";

/** Separates the cells of a row. Control characters of foreign texts are removed before. */
const cellSeparator = "\u001f";

/**
 * Rows of text under a header, with at least two columns; `layOut` formats them when the width is known. Control characters do not
 * reach the terminal.
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => row.map(printable).join(cellSeparator)).join("\n");
}

/**
 * Wraps a text to lines of at most `columns`, as far as its words allow: no word is broken, and nothing is omitted. Text without
 * spaces is broken where its script allows it. Tables that do not fit become a block of lines for each row. Null for no limit, as
 * in a file or a pipe.
 */
export function layOut(text: string, columns: number | null): string {
  return blocksOf(text.split("\n"))
    .flatMap((lines) =>
      isRow(lines[0] ?? "") ? tableLines(lines, columns) : lines.flatMap((line) => fold(line, columns)),
    )
    .join("\n");
}

const isRow = (line: string): boolean => line.includes(cellSeparator);

/** Groups adjacent table rows; every other line is a block of its own. */
function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (last !== undefined && isRow(line) && isRow(last[0] ?? "")) last.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

function tableLines(lines: readonly string[], columns: number | null): string[] {
  const indent = /^ */u.exec(lines[0] ?? "")?.[0] ?? "";
  const rows = lines.map((line) => line.slice(indent.length).split(cellSeparator));
  const [header = []] = rows;
  const widths = header.map((_, at) => Math.max(...rows.map((row) => displayWidth(row[at] ?? ""))));
  const width = indent.length + widths.reduce((sum, each) => sum + each + 2, -2);
  if (columns !== null && width > columns) return upright(rows, indent, columns);
  return rows.map((row) => {
    const cells = row.map((cell, at) => padded(cell, widths[at] ?? 0));
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
}

/** Each row as lines of name and value, with an empty line between rows. */
function upright([header = [], ...rows]: readonly string[][], indent: string, columns: number): string[] {
  const width = Math.max(...header.map(displayWidth));
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : [""]),
    ...header.flatMap((name, at) =>
      fold(`${indent}${padded(name, width)}  ${row[at] ?? ""}`.trimEnd(), columns),
    ),
  ]);
}

/** Wraps a line between words. Continuation lines are indented to the text after a label, else by two columns. */
export function fold(line: string, columns: number | null): string[] {
  if (columns === null || displayWidth(line) <= columns) return [line];
  const [, lead = "", rest = ""] = /^(\s*(?:[^`]{1,30}?\S {2,})?)(.*)$/su.exec(line) ?? [];
  const hanging = " ".repeat(displayWidth(lead) <= columns / 2 ? displayWidth(lead) || 2 : 2);
  const lines: string[] = [];
  let current = lead;
  let isEmpty = true;
  const add = (piece: string, blank: string) => {
    if (!isEmpty && displayWidth(`${current}${blank}${piece}`) > columns) {
      lines.push(current);
      current = `${hanging}${piece}`;
    } else current = isEmpty ? `${current}${piece}` : `${current}${blank}${piece}`;
    isEmpty = false;
  };
  // Text in backticks is to be typed or copied as it is.
  for (const [word] of rest.matchAll(/(?:`[^`]*`|[^\s`])+\S*|\S+/gu)) {
    const fits = word.includes("`") || displayWidth(hanging + word) <= columns;
    const [first = "", ...more] = fits ? [word] : piecesOf(word);
    add(first, " ");
    for (const piece of more) add(piece, "");
  }
  return [...lines, current];
}

const words = new Intl.Segmenter("en", { granularity: "word" });

/** Scripts without spaces between words. */
const withoutBlanks =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const opening = /^[\p{Ps}\p{Pi}]+$/u;

/**
 * Splits a word where a line may break: between the words of a script without spaces, and nowhere else, since an id, a path or an
 * address is copied whole. No piece begins with closing or ends with opening punctuation. Joined, the pieces are the word.
 */
function piecesOf(word: string): string[] {
  if (!withoutBlanks.test(word)) return [word];
  const pieces: string[] = [];
  let isOpen = false;
  for (const { segment } of words.segment(word)) {
    const last = pieces.at(-1);
    const mayBreak = withoutBlanks.test(segment) || (last !== undefined && withoutBlanks.test(last));
    const isSign = /^[\p{P}\p{S}\p{M}\p{Cf}]/u.test(segment);
    const joins = last !== undefined && (isOpen || !mayBreak || (isSign && !opening.test(segment)));
    if (joins) pieces.push(`${pieces.pop()}${segment}`);
    else pieces.push(segment);
    isOpen = opening.test(segment);
  }
  return pieces;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Characters that take two columns of a terminal (Unicode's East Asian Width W and F, and emoji). */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\u30a0-\u30ff\u31f0-\u31ff\u3200-\u33ff\uff01-\uff60\uffe0-\uffe6]/u;
/** What stands on, or grows into, the character before it: marks, what is not seen, the vowels and finals of a Hangul syllable. */
const narrow = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
const emoji = /\p{Extended_Pictographic}|\p{Emoji_Presentation}|\ufe0f/u;

/** The width of a text without line breaks, in terminal columns. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/u.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOf(segment);
  return width;
}

/** Terminals count the characters of a syllable one by one, in Thai and Hindi too, and only emoji as they are seen. */
function widthOf(grapheme: string): number {
  if (emoji.test(grapheme)) return wide.test(grapheme) || grapheme.includes("\ufe0f") ? 2 : 1;
  let width = 0;
  for (const character of grapheme) if (!narrow.test(character)) width += wide.test(character) ? 2 : 1;
  return width;
}

/** The text, padded with spaces to the width. */
const padded = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - displayWidth(text)));

/** Prints one line of a result before the rest, formatted like the text of a `CommandResult`. */
export function printNow({ writeOut, columns }: Pick<CliIo, "writeOut" | "columns">, line: string): void {
  writeOut(`${layOut(printable(line), columns)}\n`);
}
