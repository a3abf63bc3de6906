import type { Segment } from "../../domain/memory.ts";
import { textOfSegments } from "../segment-text.ts";
import type { RawTranscript } from "./raw-transcript.ts";
import { readCues } from "./read-cues.ts";
import { jsonTranscriptProblem, readJsonTranscript } from "./read-json.ts";
import { readLines, readTable } from "./read-lines.ts";

/** A text of a recording. */
export interface Transcript {
  text: string;
  /** Empty where neither speakers nor times are known. */
  segments: readonly Segment[];
  /** BCP 47. */
  language: string | null;
  hasSpeakers: boolean;
}

type Read = (content: string) => RawTranscript | null;

/** In the order in which they are preferred, among texts that all name speakers, or that all do not. */
const readers = new Map<string, Read>([
  ["json", readJsonTranscript],
  ["vtt", (content) => fromSegments(readCues(content))],
  ["srt", (content) => fromSegments(readCues(content))],
  ["tsv", (content) => fromSegments(readTable(content))],
  ["txt", readLines],
  ["md", readLines],
]);

/** The ends of names of files that hold the text of a recording; of two equally good ones the first is taken. */
export const textExtensions: readonly string[] = [...readers.keys()];

/**
 * Reads the text of a recording from a file with this end of its name, whatever program wrote it. Null for what is no such text; of one without words the
 * text is empty.
 */
export function readTranscript(extension: string, content: string): Transcript | null {
  const raw = readers.get(extension)?.(plain(content)) ?? null;
  if (raw === null) return null;
  const spoken = raw.segments.filter(({ text }) => !isSilence(text));
  const hasSpeakers = spoken.some(({ speaker }) => speaker !== null);
  const isTimed = spoken.some(({ startMs }) => startMs !== null);
  const whole = raw.text === null || isSilence(raw.text) ? "" : raw.text.trim();
  return {
    text: (hasSpeakers ? textOfSegments(spoken) : whole || textOfSegments(spoken)).toWellFormed(),
    segments: hasSpeakers || isTimed ? spoken.map(trimmed) : [],
    language: languageTag(raw.language),
    hasSpeakers,
  };
}

/** What is wrong with a text that `readTranscript` does not read, for people. */
export function transcriptProblem(extension: string, content: string): string {
  const found = extension === "json" ? jsonTranscriptProblem(plain(content)) : null;
  return found ?? "it is no transcript of a known form";
}

const plain = (content: string) => content.replace(/^\ufeff/u, "").replace(/\r\n?/gu, "\n");

/** Whether the first text is a better one of a recording than the other: who spoke is worth more than the form of the file. */
export function isBetter(
  one: { extension: string; transcript: Transcript },
  other: { extension: string; transcript: Transcript },
): boolean {
  if (one.transcript.hasSpeakers !== other.transcript.hasSpeakers) return one.transcript.hasSpeakers;
  return textExtensions.indexOf(one.extension) < textExtensions.indexOf(other.extension);
}

const fromSegments = (segments: readonly Segment[] | null): RawTranscript | null =>
  segments === null ? null : { segments, text: null, language: null };

const trimmed = (segment: Segment): Segment => ({ ...segment, text: segment.text.trim().toWellFormed() });

/** What Whisper's programs write where nobody speaks. */
function isSilence(text: string): boolean {
  return /^\s*(?:\[(?:BLANK_AUDIO|SILENCE)\]\s*)*$/iu.test(text);
}

/** Some programs write the name of the language: that is no tag. */
function languageTag(language: string | null): string | null {
  return language !== null && /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/iu.test(language) ? language : null;
}
