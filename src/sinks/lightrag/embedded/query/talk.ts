import { readMemoryDocuments } from "../../memory-document.ts";
import type { ChunkRecord } from "../storage/records.ts";
import type { Placed } from "./recorded-order.ts";

/** Memories of a context that follow one another within this time are of one sitting. Milliseconds. */
const longestPause = 60 * 60_000;
/** A question at the end, also before a remark in brackets. */
const questionAtEnd = /[?？؟]\s*(?:\[[^\]]*\]\s*)?$/u;
/** Who speaks, at the beginning of a line, after the times of a segment. */
const speakerLabel = /^(?:\[[\d:–]+\] )?(\p{L}[\p{L}\p{M}'’ .-]{0,40})[:：]/gmu;

/** What chunks are to one another as parts of a talk. Chunks are told by their position. */
export interface Talk {
  /** The number of the sitting of each. A document that is not a memory is one. */
  sittings: readonly number[];
  /** The chunk before each in its sitting, where that ends with a question; else null. */
  answered: readonly (number | null)[];
  /** Whether each ends with a question. */
  asks: readonly boolean[];
  /** The names of those who speak in each, word by word. */
  speakers: readonly ReadonlySet<string>[];
  /** The names of all of them. */
  names: ReadonlySet<string>;
}

/** `placed`: the chunks in the order of their recording. */
export function talkOf(chunks: readonly ChunkRecord[], placed: readonly Placed[]): Talk {
  const texts = chunks.map(({ content }) => readMemoryDocuments(content).at(-1)?.body ?? content);
  const asks = texts.map((text) => questionAtEnd.test(text));
  const sittings = chunks.map(() => 0);
  const answered = chunks.map((): number | null => null);
  placed.forEach((one, i) => {
    const before = placed[i - 1];
    const goesOn = before?.stream === one.stream && one.time - before.time <= longestPause;
    sittings[one.at] = before === undefined ? 0 : (sittings[before.at] ?? 0) + (goesOn ? 0 : 1);
    if (goesOn && asks[before.at]) answered[one.at] = before.at;
  });
  const speakers = texts.map(speakersIn);
  return { sittings, answered, asks, speakers, names: new Set(speakers.flatMap((names) => [...names])) };
}

function speakersIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(speakerLabel), ([, name = ""]) => name.split(" ")).flat());
}

/** Whether each chunk is spoken by the one speaker whom a question names; null where it names none, or several. */
export function spokenByNamed({ speakers, names }: Talk, question: string): boolean[] | null {
  const words = new Set(question.match(/[\p{L}\p{M}]+/gu));
  const [named, ...others] = [...words].filter((word) => names.has(word));
  return named === undefined || others.length > 0 ? null : speakers.map((those) => those.has(named));
}
