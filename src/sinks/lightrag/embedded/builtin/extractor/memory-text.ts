import { readMemoryDocuments } from "../../../memory-document.ts";
import { isInLexicon, tagsAlone } from "./language.ts";
import { allLabels } from "./languages/lexicon.ts";

/** The words of one speaker, or the text of a note without a named speaker. */
export interface Turn {
  speaker: string | null;
  text: string;
}

/** A parsed chunk. The header is read for its facts and never for entities. */
export interface MemoryText {
  /** Noon UTC of the day on which the memory was recorded. */
  recordedOn: Date | null;
  /** The town or district where it was recorded, if the header names one nearby. */
  place: string | null;
  /** What that lies in, the city of a district or the region of a town; null where the header does not say. */
  around: string | null;
  tags: readonly string[];
  turns: readonly Turn[];
}

/** `near Powai, Mumbai, Maharashtra, India (1.9 km)` or without a distance; a town far away is not where it was. */
const nearbyPlace = /^(?:near )?(\p{Lu}[^,(\d]*[^,(\d\s])(?:, (?:near )?(\p{Lu}[^,(\d]*[^,(\d\s])(?=,))?/u;
const emptyTranscript = "[no transcript]";
/**
 * `Name: ` or `First Last: ` at the start of a line; in scripts without capitals one or two short words, and the colon may be a wide one. With the
 * times that the strategy rich puts before it.
 */
const speakerLabel =
  /^(?:\[[\d:–]+\] )?(?:(\p{Lu}[\p{L}\p{M}'’.-]*(?: \p{Lu}[\p{L}\p{M}'’.-]*){0,2}): +|([\p{Lo}\p{M}ー]{1,12}(?: [\p{Lo}\p{M}]{1,12})?)(?:: +|：\s*))(?=\S)/u;
/** Labels of notes that are not names of speakers. */
const noteLabels: ReadonlySet<string> = new Set(
  "note notes nb ps reminder todo idea ideas update summary plan memo task question answer quote photo image audio".split(
    " ",
  ),
);

/** How whoever keeps the memories calls themselves in a talk: their words are not those of the speaker before, and nobody is called so. */
const firstPerson: ReadonlySet<string> = new Set(
  "me i myself ich moi je yo io eu ik ja я أنا אני मैं ฉัน ผม 我 私 僕 俺 わたし ぼく 나 저".split(" "),
);

/**
 * Reads a chunk: a whole memory document with its header, several notes that share one (of one day and place), a later part of a long
 * one, or any other text.
 */
export function readMemoryText(chunkText: string): MemoryText {
  const documents = readMemoryDocuments(chunkText);
  const [first] = documents;
  if (first === undefined)
    return { recordedOn: null, place: null, around: null, tags: [], turns: turnsOf(chunkText) };
  const [, place = null, around = null] = nearbyPlace.exec(first.place ?? "") ?? [];
  return {
    recordedOn: first.recordedOn,
    place,
    around,
    tags: [...new Set(documents.flatMap(({ tags }) => tags))],
    turns: documents.flatMap(({ title, body }) => turnsOf(title === null ? body : `${title}\n${body}`)),
  };
}

/** A line that names its speaker begins a turn; the lines after it have the same speaker. */
function turnsOf(text: string): Turn[] {
  const turns: Turn[] = [];
  for (const line of text.trim().split("\n")) {
    const label = speakerLabel.exec(line);
    const named = label?.[1] ?? label?.[2];
    const isOwn = named !== undefined && firstPerson.has(named.toLowerCase());
    const speaker = named !== undefined && !isOwn && isName(named) ? named : null;
    const last = turns.at(-1);
    if (speaker !== null || isOwn) turns.push({ speaker, text: line.slice(label?.[0].length) });
    else if (last === undefined) turns.push({ speaker: null, text: line });
    else last.text += `\n${line}`;
  }
  return turns.filter((turn) => turn.text.trim() !== "" && turn.text.trim() !== emptyTranscript);
}

function isName(label: string): boolean {
  return label.split(" ").every((word) => {
    const lower = word.toLowerCase();
    if (noteLabels.has(lower) || allLabels.has(lower)) return false;
    return tagsAlone(lower).has("Person") || !isInLexicon(lower);
  });
}
