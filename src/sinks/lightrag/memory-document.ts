import { monthNames, weekdayNames } from "../../kernel/util/calendar.ts";

/** A memory's document, parsed from LightRAG's text. */
export interface MemoryDocument {
  /** Null where the text does not name it: of a document of its own, the document's name does. */
  memoryId: string | null;
  /** Milliseconds since the epoch; null when it does not say when the memory was recorded. */
  recordedAt: number | null;
  /** Noon UTC of the day on which it was, by the clocks of its place. */
  recordedOn: Date | null;
  /** The named place if it has one, otherwise the coordinates; null when it names none. */
  place: string | null;
  title: string | null;
  tags: readonly string[];
  /** In words; null when it does not say which media the memory has. */
  media: string | null;
  /** What follows the header: the transcript. */
  body: string;
}

const identityLine = /^Memory (?<memory>.+) of .+ \(revision [0-9a-f]+\)$/u;
const groupLine = /^Memories of .+ of (?<context>.+) \(revision (?<revision>[0-9a-f]+)\)$/u;
const labelledLine = /^([\p{L} ]+): (.*)$/u;
const readableTime = /(\d{1,2}) (\p{L}+) (\d{4}),? (\d\d:\d\d:\d\d)(?:.*?utc([+-]\d\d:\d\d))?/iu;
/** `thursday 18 may 2023 19:17:05 utc+05:30`, the part of a headline that says when. */
const whenPart = new RegExp(
  `^(?:${weekdayNames.join("|")}) \\d{1,2} [a-z]+ [-+]?\\d{1,6} \\d\\d:\\d\\d:\\d\\d utc`,
  "iu",
);
const unreadPart = /^(?:audio|image) \(/u;

/** `notes (voice note) of thursday 18 may 2023 utc+05:30, near Mumbai`, the first line of a group's document. */
const groupHead =
  /^notes(?: \([^)\n]*\))?(?: of (?<day>[a-z]+ \d{1,2} [a-z]+ [-+]?\d{1,6}) (?<offset>utc\S*?))?(?:, (?<place>.+))?(?=\n)/u;
/** `voice note, 19:17:05 to 19:20:00 (by the name of its file), near Powai [m-123]`, and `note [m-123]` where a template writes the rest. */
const noteLine =
  /^(?:(?:[^,\n]{1,41}, )?(?<when>(?:[a-z]+ \d{1,2} [a-z]+ [-+]?\d{1,6} )?\d\d:\d\d:\d\d[^,\n]*)(?:, (?<rest>[^\n]*))?|note) \[(?<memory>[^\n]+)\]$/u;

/** Reads a document that a transformation strategy wrote; null for any other text, and for a later part of a long one. */
export function readMemoryDocument(text: string): MemoryDocument | null {
  const trimmed = text.trim();
  const plain = withoutFingerprint(trimmed);
  if (plain !== null && groupHead.test(plain) && notesOf(trimmed) !== null) return null;
  return plain === null ? inFirstForm(trimmed) : inSecondForm(plain);
}

/** A line that names memory and revision, then a header of labelled lines. */
function inFirstForm(text: string): MemoryDocument | null {
  const [first = "", ...lines] = text.split("\n");
  const identity = identityLine.exec(first)?.groups;
  if (identity === undefined) return null;
  const { header, body } = headerOf(lines);
  return {
    memoryId: identity.memory ?? null,
    ...timeIn(header.get("Recorded") ?? ""),
    place: header.get("Place") ?? header.get("Location") ?? header.get("Coordinates") ?? null,
    title: header.get("Title") ?? null,
    tags: listIn(header.get("Tags")),
    media: header.get("Media") ?? null,
    body,
  };
}

/** A headline, then lines with what else is known; a text of a template has neither. */
function inSecondForm(text: string): MemoryDocument {
  const nothing = {
    memoryId: null,
    recordedAt: null,
    recordedOn: null,
    place: null,
    title: null,
    tags: [],
    media: null,
    body: text,
  };
  const [first = "", ...lines] = text.split("\n");
  const parts = first.split(", ");
  const at = parts.findIndex((part) => whenPart.test(part));
  if (at < 0) return nothing;
  const { header, body } = headerOf(lines);
  const where = parts.slice(at + 1).filter((part) => !unreadPart.test(part));
  return {
    ...nothing,
    ...timeIn(parts[at] ?? ""),
    place: placeIn(where.join(", ")),
    title: header.get("title") ?? null,
    tags: listIn(header.get("tags")),
    body,
  };
}

/** Labelled lines up to the first empty one, and what follows it. */
function headerOf(lines: readonly string[]): { header: ReadonlyMap<string, string>; body: string } {
  const blank = lines.indexOf("");
  const end = blank < 0 ? lines.length : blank;
  return { header: new Map(lines.slice(0, end).flatMap(labelled)), body: lines.slice(end + 1).join("\n") };
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
  const kept = notes.filter(({ document }) => memoryIds.has(document.memoryId ?? ""));
  return kept.length === 0 ? null : [head, kept.map((note) => note.text).join("\n\n")].join("\n");
}

interface Note {
  text: string;
  document: MemoryDocument;
}

/** The notes of a group's document; null for any other text. */
function notesOf(text: string): { head: string; notes: Note[] } | null {
  const plain = withoutFingerprint(text.trim());
  const shared = plain === null ? null : groupHead.exec(plain);
  if (shared !== null) return notesInSecondForm(text.trim(), shared.groups ?? {});
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

/** What all notes share on top, then each note under a line with its time and id. `said`: what the first line tells of all of them. */
function notesInSecondForm(text: string, said: Said): { head: string; notes: Note[] } | null {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, at) => (lines[at - 1] === "" && noteLine.test(line) ? [at] : []));
  if (starts.length === 0) return null;
  const top = lines.slice(0, starts[0]);
  const header = new Map(top.flatMap(labelled));
  const notes = starts.map((start, at) => noteIn(lines.slice(start, starts[at + 1]), said, header));
  return { head: top.join("\n"), notes };
}

type Said = Readonly<Record<string, string | undefined>>;

function noteIn(
  [first = "", ...lines]: readonly string[],
  said: Said,
  shared: ReadonlyMap<string, string>,
): Note {
  const { memory = null, when = "", rest = "" } = noteLine.exec(first)?.groups ?? {};
  const { header, body } = headerOf(lines);
  const where = rest.split(", ").filter((part) => !unreadPart.test(part));
  const hasDay = readableTime.test(when);
  return {
    text: [first, ...lines].join("\n").trimEnd(),
    document: {
      memoryId: memory,
      ...timeIn(hasDay ? when : `${said.day} ${when} ${said.offset}`),
      place: placeIn(said.place ?? where.join(", ")),
      title: header.get("title") ?? shared.get("title") ?? null,
      tags: [...listIn(shared.get("tags")), ...listIn(header.get("tags"))],
      media: null,
      body: body.trimEnd(),
    },
  };
}

/** The named place, or the coordinates behind `at`. */
function placeIn(where: string): string | null {
  return where.replace(/^at (?=-?\d)/u, "") || null;
}

/** From `Thursday, 18 May 2023, 13:47:05 UTC`, `…, 15:47:05 (Europe/Berlin, UTC+02:00), afternoon` or `thursday 18 may 2023 13:47:05 utc`. */
function timeIn(text: string): Pick<MemoryDocument, "recordedAt" | "recordedOn"> {
  const [, day, month = "", year, time, offset = "Z"] = readableTime.exec(text) ?? [];
  const monthNumber = monthNames.findIndex((name) => name.toLowerCase() === month.toLowerCase()) + 1;
  const date = `${year}-${twoDigits(monthNumber)}-${twoDigits(day)}`;
  const at = Date.parse(`${date}T${time}${offset}`);
  if (Number.isNaN(at)) return { recordedAt: null, recordedOn: null };
  return { recordedAt: at, recordedOn: new Date(`${date}T12:00:00Z`) };
}

/** The text without the fingerprint at the end of its first line; null when it has none. */
function withoutFingerprint(text: string): string | null {
  const [, head, rest] = /^(.*?) ?\[[0-9a-f]{10}\](?=\n|$)(.*)$/su.exec(text) ?? [];
  if (head === undefined || rest === undefined) return null;
  return head === "" ? rest.replace(/^\n/u, "") : head + rest;
}

/** What the names of the documents of a context have in common: `@CTX1.md`; null for a name that is none of a memory's, or shortened. */
export function contextPartOf(fileSource: string): string | null {
  return /@[^@]*\.md$/u.exec(fileSource)?.[0] ?? null;
}

function listIn(value = ""): string[] {
  return value.split(", ").filter(Boolean);
}

function labelled(line: string): [string, string][] {
  const [, label, value] = labelledLine.exec(line) ?? [];
  return label === undefined || value === undefined ? [] : [[label, value]];
}

function twoDigits(value: number | string | undefined): string {
  return String(value).padStart(2, "0");
}
