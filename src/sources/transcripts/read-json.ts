import type { Segment } from "../../domain/memory.ts";
import { clockMs, clockPattern, type RawTranscript } from "./raw-transcript.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Under which names programs list what was said. */
const listNames = ["segments", "transcription", "chunks"];

/**
 * The transcript in a JSON file of Whisper, whisper.cpp, WhisperX, OpenAI's endpoint, or of their relatives; null for any other JSON, and for
 * what is none. A segment whose text is null says nothing; one that cannot be read costs nothing where the whole text is there, too.
 */
export function readJsonTranscript(json: string): RawTranscript | null {
  // A program that has opened its file and written nothing yet, or found no words.
  if (json.trim() === "") return { segments: [], text: "", language: null };
  const { whole, list } = partsOf(parsed(json));
  if (whole === null) return null;
  const segments = list?.flatMap(segmentIn) ?? [null];
  const text = textIn(whole.text);
  const language = languageOf(whole);
  if (segments.every((segment) => segment !== null)) return { segments, text, language };
  const hasWords = text !== null && (list === null || text.trim() !== "");
  return hasWords ? { segments: [], text, language } : null;
}

/** What is wrong with a text that `readJsonTranscript` does not read, for people; null where nothing shows that it is a transcript at all. */
export function jsonTranscriptProblem(json: string): string | null {
  const value = parsed(json);
  if (value === undefined)
    return /^\s*[[{]/u.test(json) && /"(?:segments|transcription|chunks|text)"\s*:/u.test(json)
      ? "it is a Whisper transcript with JSON that is cut off or damaged"
      : null;
  const { whole, list } = partsOf(value);
  if (whole === null || list === null) return null;
  const broken = list.findIndex((each) => segmentIn(each).includes(null));
  const saysWords = [whole, ...list].some((each) => isFields(each) && "text" in each);
  if (broken < 0 || !saysWords) return null;
  return `it is a Whisper transcript with a segment whose text cannot be read: number ${broken + 1} of ${list.length}`;
}

/** The list of what was said, and what stands around it: nothing, around a bare list. */
function partsOf(value: unknown): { whole: Fields | null; list: readonly unknown[] | null } {
  if (Array.isArray(value)) return { whole: {}, list: value };
  if (!isFields(value)) return { whole: null, list: null };
  return { whole: value, list: listNames.map((name) => value[name]).find(Array.isArray) ?? null };
}

/** Undefined for what is no JSON. Python writes numbers that are none as `NaN` and `Infinity`; they are read as null. */
function parsed(json: string): unknown {
  const tries = [
    () => json,
    () => json.replace(pythonsNumbers, (found) => (found[0] === '"' ? found : "null")),
  ];
  for (const written of tries) {
    try {
      return JSON.parse(written());
    } catch {
      // The next one, if there is any.
    }
  }
  return undefined;
}

/** Texts as well, so that a word in them is passed over. */
const pythonsNumbers = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gsu;

/** None where nothing was said, null where it cannot be told what. whisper.cpp has `offsets` in milliseconds, the others `start` and `end` or `timestamp` in seconds. */
function segmentIn(each: unknown): (Segment | null)[] {
  if (!isFields(each)) return [null];
  const { text, speaker, offsets, timestamp, start, end } = each;
  if (text === null) return [];
  if (typeof text !== "string") return [null];
  const { from, to } = isFields(offsets) ? offsets : {};
  const [first, last] = Array.isArray(timestamp) ? (timestamp as readonly unknown[]) : [start, end];
  return [
    {
      speaker: textIn(typeof speaker === "number" ? String(speaker) : speaker)?.trim() || null,
      startMs: millis(from, 1) ?? millis(first, 1_000),
      endMs: millis(to, 1) ?? millis(last, 1_000),
      text,
    },
  ];
}

const wholeClock = new RegExp(`^${clockPattern}$`, "u");

/** Of a number, also where it is written as a text, or of a time such as `00:00:02,400`. */
function millis(value: unknown, factor: number): number | null {
  if (typeof value === "string" && wholeClock.test(value.trim())) return clockMs(value.trim());
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return null;
  return Math.max(0, Math.round(number * factor));
}

const textIn = (value: unknown): string | null => (typeof value === "string" ? value : null);

const languageOf = ({ language, result }: Fields): string | null =>
  textIn(language) ?? (isFields(result) ? textIn(result.language) : null);

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
