import { isInLexicon, tagsAlone } from "./language.ts";

/** What one person says, or the plain text of a note where nobody is named as speaking. */
export interface Turn {
  speaker: string | null;
  text: string;
}

/** A chunk taken apart. The header is read for its facts and never for entities. */
export interface MemoryText {
  /** Noon UTC of the day on which the memory was recorded. */
  recordedOn: Date | null;
  tags: readonly string[];
  turns: readonly Turn[];
}

const identityLine = /^Memory .+ of .+ \(revision [0-9a-f]+\)$/u;
const headerLine = /^([A-Z][\p{L} ]*): (.*)$/u;
const dayMonthYear = /(\d{1,2}) (\p{Lu}\p{Ll}+) (\d{4})/u;
const emptyTranscript = "[no transcript]";
/** `Name: ` or `First Last: ` at the start of a line. */
const speakerLabel = /^(\p{Lu}[\p{L}\p{M}'’.-]*(?: \p{Lu}[\p{L}\p{M}'’.-]*){0,2}): +(?=\S)/u;
/** Labels that people write before a note and that are not names. */
const noteLabels: ReadonlySet<string> = new Set(
  "note notes nb ps reminder todo idea ideas update summary plan memo task question answer quote photo image audio".split(
    " ",
  ),
);

/** Reads a chunk: a whole memory document with its header, a later part of a long one, or any other text. */
export function readMemoryText(chunkText: string): MemoryText {
  const lines = chunkText.trim().split("\n");
  if (!identityLine.test(lines[0] ?? "")) return { recordedOn: null, tags: [], turns: turnsOf(lines) };
  const blank = lines.indexOf("");
  const end = blank < 0 ? lines.length : blank;
  const header = new Map(lines.slice(1, end).flatMap(headerField));
  const title = header.get("Title");
  return {
    recordedOn: dayOf(header.get("Recorded") ?? ""),
    tags: (header.get("Tags") ?? "").split(", ").filter(Boolean),
    turns: turnsOf([...(title === undefined ? [] : [title]), ...lines.slice(end + 1)]),
  };
}

function headerField(line: string): [string, string][] {
  const match = headerLine.exec(line);
  return match === null ? [] : [[match[1] ?? "", match[2] ?? ""]];
}

function dayOf(recorded: string): Date | null {
  const match = dayMonthYear.exec(recorded);
  const time = match === null ? Number.NaN : Date.parse(`${match[0]} 12:00 UTC`);
  return Number.isNaN(time) ? null : new Date(time);
}

/** A line that names its speaker begins a turn; the lines after it go on with the same speaker. */
function turnsOf(lines: readonly string[]): Turn[] {
  const turns: Turn[] = [];
  for (const line of lines) {
    const label = speakerLabel.exec(line);
    const speaker = label?.[1] !== undefined && isName(label[1]) ? label[1] : null;
    const last = turns.at(-1);
    if (speaker !== null) turns.push({ speaker, text: line.slice(label?.[0].length) });
    else if (last === undefined) turns.push({ speaker: null, text: line });
    else last.text += `\n${line}`;
  }
  return turns.filter((turn) => turn.text.trim() !== "" && turn.text.trim() !== emptyTranscript);
}

function isName(label: string): boolean {
  return label.split(" ").every((word) => {
    const lower = word.toLowerCase();
    if (noteLabels.has(lower)) return false;
    return tagsAlone(lower).has("Person") || !isInLexicon(lower);
  });
}
