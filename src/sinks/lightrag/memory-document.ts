import { monthNames } from "../../kernel/util/calendar.ts";

/** A memory's document, parsed from LightRAG's text. */
export interface MemoryDocument {
  memoryId: string;
  contextId: string;
  /** The lines of the header by their labels: `Type`, `Recorded`, `Location` … */
  header: ReadonlyMap<string, string>;
  /** What follows the header: the transcript. */
  body: string;
}

const identityLine = /^Memory (?<memory>.+) of (?<context>.+) \(revision [0-9a-f]+\)$/u;
const groupLine = /^Memories of .+ of (?<context>.+) \(revision (?<revision>[0-9a-f]+)\)$/u;
const labelledLine = /^([\p{L} ]+): (.*)$/u;
const readableTime = /(\d{1,2}) (\p{Lu}\p{Ll}+) (\d{4}), (\d\d:\d\d:\d\d)(?:.*?UTC([+-]\d\d:\d\d))?/u;

/** Reads a document that a transformation strategy wrote; null for any other text, and for a later part of a long one. */
export function readMemoryDocument(text: string): MemoryDocument | null {
  const lines = text.trim().split("\n");
  const identity = identityLine.exec(lines[0] ?? "")?.groups;
  if (identity === undefined) return null;
  const blank = lines.indexOf("");
  const end = blank < 0 ? lines.length : blank;
  return {
    memoryId: identity.memory ?? "",
    contextId: identity.context ?? "",
    header: new Map(lines.slice(1, end).flatMap(labelled)),
    body: lines.slice(end + 1).join("\n"),
  };
}

/**
 * Reads the document of a memory, or the notes of a group's document, each under a line with its id; empty for any other text. Only
 * the first chunk of a long document can be read.
 */
export function readMemoryDocuments(text: string): MemoryDocument[] {
  const single = readMemoryDocument(text);
  return single !== null ? [single] : (notesOf(text)?.notes ?? []).map(({ document }) => document);
}

/** The text of a group's document with these notes alone; null where it has none of them, and for a later part of a long one. */
export function withNotes(text: string, memoryIds: ReadonlySet<string>): string | null {
  const { head, notes } = notesOf(text) ?? { head: "", notes: [] };
  const kept = notes.filter(({ document }) => memoryIds.has(document.memoryId));
  return kept.length === 0 ? null : [head, kept.map((note) => note.text).join("\n\n")].join("\n");
}

interface Note {
  text: string;
  document: MemoryDocument;
}

/** The notes of a group's document; null for any other text. */
function notesOf(text: string): { head: string; notes: Note[] } | null {
  const [head = "", ...lines] = text.trim().split("\n");
  const group = groupLine.exec(head)?.groups;
  if (group === undefined) return null;
  const identity = ` of ${group.context} (revision ${group.revision})`;
  const notes = lines.join("\n").split(/\n\n(?=Memory \S.*\n[\p{L} ]+: )/u);
  return {
    head,
    notes: notes.flatMap((note) => {
      const [first = "", ...others] = note.split("\n");
      const document = readMemoryDocument([`${first}${identity}`, ...others].join("\n"));
      return document === null ? [] : [{ text: note, document }];
    }),
  };
}

/**
 * When the memory was recorded, in milliseconds since the epoch, from a time such as `Thursday, 18 May 2023, 13:47:05 UTC` or
 * `…, 15:47:05 (Europe/Berlin, UTC+02:00), afternoon`; null when there is none.
 */
export function recordedAt({ header }: MemoryDocument): number | null {
  const [, day, month = "", year, time, offset = "Z"] = readableTime.exec(header.get("Recorded") ?? "") ?? [];
  const monthNumber = monthNames.indexOf(month) + 1;
  const at = Date.parse(`${year}-${twoDigits(monthNumber)}-${twoDigits(day)}T${time}${offset}`);
  return Number.isNaN(at) ? null : at;
}

/** Where the memory was recorded: the named place if the document has one, otherwise the coordinates; null when unknown. */
export function placeOf({ header }: MemoryDocument): string | null {
  return header.get("Place") ?? header.get("Location") ?? header.get("Coordinates") ?? null;
}

function labelled(line: string): [string, string][] {
  const [, label, value] = labelledLine.exec(line) ?? [];
  return label === undefined || value === undefined ? [] : [[label, value]];
}

function twoDigits(value: number | string | undefined): string {
  return String(value).padStart(2, "0");
}
