import { printable } from "../kernel/util/terminal-text.ts";

/** Between the cells of a row. Control characters of foreign texts never get here. */
export const cellSeparator = "\u001f";

/**
 * Rows of text under a header, at least two columns, to be laid out for a width once that is known (`layOut`). Control characters do
 * not reach the terminal.
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => row.map(printable).join(cellSeparator)).join("\n");
}
