import { piecesOf } from "./break-pieces.ts";
import { displayWidth, padded } from "./display-width.ts";
import { cellSeparator } from "./table.ts";

/**
 * A text for people as lines of at most so many columns, as far as its words allow: none is broken, and nothing is left out. What is
 * written without blanks is broken where its script may be. Tables that do not
 * fit become a block of lines for each row. Null for no limit, as in a file or a pipe.
 */
export function layOut(text: string, columns: number | null): string {
  return blocksOf(text.split("\n"))
    .flatMap((lines) =>
      isRow(lines[0] ?? "") ? tableLines(lines, columns) : lines.flatMap((line) => fold(line, columns)),
    )
    .join("\n");
}

const isRow = (line: string): boolean => line.includes(cellSeparator);

/** Neighbouring rows of a table together, every other line by itself. */
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

/** Breaks a line between words. What follows stands beneath its text: beside a label, else a little to the right. */
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
  // What stands between backticks is to be typed or copied as it is.
  for (const [word] of rest.matchAll(/(?:`[^`]*`|[^\s`])+\S*|\S+/gu)) {
    const fits = word.includes("`") || displayWidth(hanging + word) <= columns;
    const [first = "", ...more] = fits ? [word] : piecesOf(word);
    add(first, " ");
    for (const piece of more) add(piece, "");
  }
  return [...lines, current];
}
