import type { Memory } from "../domain/memory.ts";
import { headline, inWords, type When } from "./headline.ts";
import { headerLine } from "./storable-text.ts";

/** What a document says of a memory. */
export interface DocumentParts {
  when: When;
  /** In words; null where it is not known. */
  where: string | null;
  /** What else is known, in the order of the header: a label and its values. */
  lines: readonly HeaderLine[];
  content: string;
}

export type HeaderLine = readonly [label: string, values: readonly string[]];

/** A memory as a document of its own: a headline, a line for whatever else is known, an empty line, and the content. */
export function textOfParts(memory: Memory, { when, where, lines, content }: DocumentParts): string {
  return `${headline(memory, { when: inWords(when), where })}\n${headerOf(lines)}\n${content}`;
}

/** Lines with a label; those without a value are left out. */
export function headerOf(lines: readonly HeaderLine[]): string {
  return lines.map(([label, values]) => headerLine(label, values.join(", "))).join("");
}
