import type { Segment } from "../../domain/memory.ts";
import type { RawTranscript } from "./raw-transcript.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The transcript in a JSON file of Whisper, whisper.cpp, WhisperX, OpenAI's endpoint, or of their relatives; null for any other JSON, and for
 * what is none.
 */
export function readJsonTranscript(json: string): RawTranscript | null {
  // A program that has opened its file and written nothing yet, or found no words.
  if (json.trim() === "") return { segments: [], text: "", language: null };
  const value = parsed(json);
  if (Array.isArray(value)) return fromList(value, {});
  if (!isFields(value)) return null;
  const list = ["segments", "transcription", "chunks"].map((name) => value[name]).find(Array.isArray);
  if (list !== undefined) return fromList(list, value);
  const text = textIn(value.text);
  return text === null ? null : { segments: [], text, language: languageOf(value) };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function fromList(list: readonly unknown[], whole: Fields): RawTranscript | null {
  const segments = list.map((each) => (isFields(each) ? segmentIn(each) : null));
  if (!segments.every((segment) => segment !== null)) return null;
  return { segments, text: textIn(whole.text), language: languageOf(whole) };
}

/** whisper.cpp has `offsets` in milliseconds, the others `start` and `end` or `timestamp` in seconds. */
function segmentIn({ text, speaker, offsets, timestamp, start, end }: Fields): Segment | null {
  if (typeof text !== "string") return null;
  const { from, to } = isFields(offsets) ? offsets : {};
  const [first, last] = Array.isArray(timestamp) ? (timestamp as readonly unknown[]) : [start, end];
  return {
    speaker: textIn(typeof speaker === "number" ? String(speaker) : speaker)?.trim() || null,
    startMs: millis(from, 1) ?? millis(first, 1_000),
    endMs: millis(to, 1) ?? millis(last, 1_000),
    text,
  };
}

const millis = (value: unknown, factor: number): number | null =>
  typeof value === "number" && Number.isFinite(value) ? Math.max(0, Math.round(value * factor)) : null;

const textIn = (value: unknown): string | null => (typeof value === "string" ? value : null);

const languageOf = ({ language, result }: Fields): string | null =>
  textIn(language) ?? (isFields(result) ? textIn(result.language) : null);

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
