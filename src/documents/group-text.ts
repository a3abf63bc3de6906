import type { Memory } from "../domain/memory.ts";
import { type DocumentParts, type HeaderLine, headerOf } from "./document-parts.ts";
import { shownId } from "./first-form/identity-line.ts";
import { inWords, kindOf, placeText, unreadMedia, whenWithSource } from "./headline.ts";
import { foldWhiteSpace, storableText } from "./storable-text.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";

/** A note of a group, in the parts of its document. */
interface Note extends DocumentParts {
  memory: Memory;
  kind: string;
  place: string;
  /** `thursday 18 may 2023 utc+05:30` */
  day: string;
}

/**
 * The notes of one group as one text. What all of them share is said once, on top: `notes of thursday 18 may 2023 utc+05:30, near Mumbai, India`,
 * with lines for people and tags. A note has a line with its time, what differs, and its id, by which one note is told from another; then what
 * else is its own, an empty line, and its content. `members` are in their order and not empty. Under a strategy that writes texts as a whole,
 * each note has that text.
 */
export function groupText(members: readonly Memory[], strategy: TransformationStrategy): string {
  const notes = members.flatMap((memory) => noteOf(memory, strategy) ?? []);
  if (notes.length < members.length)
    return storableText(`notes\n\n${members.map((memory) => wholeNote(memory, strategy)).join("\n\n")}`);
  const shared = {
    kind: sharedText(notes.map(({ kind }) => kind)),
    day: sharedText(notes.map(({ day }) => day)),
    place: sharedText(notes.map(({ place }) => place)),
    lines: sharedLines(notes),
  };
  const head = [groupHead(shared), shared.place].filter(Boolean).join(", ");
  return storableText(
    `${head}\n${headerOf(shared.lines)}\n${notes.map((note) => noteText(note, shared)).join("\n\n")}`,
  );
}

interface Shared {
  /** Null where the notes differ in it. */
  kind: string | null;
  day: string | null;
  place: string | null;
  lines: readonly HeaderLine[];
}

function wholeNote(memory: Memory, strategy: TransformationStrategy): string {
  return `note [${shownId(memory.id)}]\n\n${strategy.transform(memory)}`;
}

function noteOf(memory: Memory, strategy: TransformationStrategy): Note | null {
  const parts = strategy.parts?.(memory);
  if (parts === undefined) return null;
  const lines = parts.lines.map(
    ([label, values]): HeaderLine => [label, values.map(foldWhiteSpace).filter(Boolean)],
  );
  const day = `${parts.when.day} ${parts.when.offset}`;
  return { ...parts, lines, memory, kind: kindOf(memory), place: placeText(parts.where), day };
}

/** `notes of thursday 18 may 2023 utc`, `notes (voice note) of …` */
function groupHead({ kind, day }: Shared): string {
  const kinds = kind === null || kind === "note" ? "notes" : `notes (${kind})`;
  return day === null ? kinds : `${kinds} of ${day}`;
}

function noteText(note: Note, shared: Shared): string {
  const { memory, when, content } = note;
  const line = [
    shared.kind === null ? note.kind : "",
    whenWithSource(memory, shared.day === null ? inWords(when) : `${when.time}${when.until}`),
    shared.place === null ? note.place : "",
    ...unreadMedia(memory),
  ];
  const own = ownLines(note, shared);
  return `${line.filter(Boolean).join(", ")} [${shownId(memory.id)}]\n${headerOf(own)}\n${content}`;
}

function sharedText(texts: readonly string[]): string | null {
  const [first = ""] = texts;
  return texts.every((text) => text === first) ? first : null;
}

/** The values that all notes have. */
function sharedLines(notes: readonly Note[]): HeaderLine[] {
  const [first] = notes;
  return (first?.lines ?? []).map(([label, values], at) => [
    label,
    values.filter((value) => notes.every(({ lines }) => lines[at]?.[1].includes(value))),
  ]);
}

/** The values that not all notes have. */
function ownLines({ lines }: Note, shared: Shared): HeaderLine[] {
  return lines.map(([label, values], at) => [
    label,
    values.filter((value) => !shared.lines[at]?.[1].includes(value)),
  ]);
}
