import type { Segment } from "../../domain/memory.ts";
import { nameSpeakers } from "./name-speakers.ts";
import { clockMs, clockPattern } from "./raw-transcript.ts";

const timing = new RegExp(`^\\s*(${clockPattern})\\s*-->\\s*(${clockPattern})(?:\\s.*)?$`, "u");

/** A line of times that cannot be read: a clock at one side of an arrow. */
const brokenTiming = /^\s*[\d:.,]+\s*(?:-{1,3}>|→)|(?:-{1,3}>|→)\s*\d[\d:.,]*\s*$/u;
const number = /^\s*\d+\s*$/u;

/** Times are null where they cannot be read, and there is no cue before. */
interface Cue {
  startMs: number | null;
  endMs: number | null;
  lines: string[];
}

/**
 * The cues of subtitles, SRT or VTT, with lines that end with line feeds. Whatever stands before the first one, notes and styles are left out. A cue whose times cannot be
 * read has those of the cue before: its words are said. Null for a text without cues that is not empty.
 */
export function readCues(subtitles: string): Segment[] | null {
  const cues = subtitles.split(/\n[ \t]*\n/u).reduce<Cue[]>(addBlock, []);
  const areCues = cues.some(({ startMs }) => startMs !== null) || /-->/u.test(subtitles);
  if (!areCues && !/^(?:WEBVTT.*)?\s*$/u.test(subtitles)) return null;
  return nameSpeakers(cues.flatMap(segmentsOf));
}

/** A block is usually one cue, with a number or a name on its first line. */
function addBlock(cues: Cue[], block: string): Cue[] {
  const lines = block.split("\n").filter((line) => line.trim() !== "");
  const isOfCues = lines.some((_, at) => cueAt(lines, at, undefined) !== null);
  if (!isOfCues && /^(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)/u.test(lines[0] ?? "")) return cues;
  if (!isOfCues) return addText(cues, lines);
  let cue: Cue | undefined;
  for (const [at, line] of lines.entries()) {
    const begun = cueAt(lines, at, cues.at(-1));
    if (begun === null) {
      cue?.lines.push(line);
      continue;
    }
    // Between cues without a blank line stands the number of the next one.
    if (number.test(cue?.lines.at(-1) ?? "")) cue?.lines.pop();
    cue = begun;
    cues.push(cue);
  }
  return cues;
}

/** A block without times: behind a number it is a cue that lacks them, and otherwise, behind a blank line, more of the cue before. */
function addText(cues: Cue[], [first = "", ...rest]: readonly string[]): Cue[] {
  if (number.test(first)) cues.push({ ...cueLike(cues.at(-1)), lines: rest });
  else cues.at(-1)?.lines.push(first, ...rest);
  return cues;
}

/** The cue that begins with this line of a block; null for any other line. */
function cueAt(lines: readonly string[], at: number, before: Cue | undefined): Cue | null {
  const line = lines[at] ?? "";
  const match = timing.exec(line);
  if (match !== null) return { startMs: clockMs(match[1] ?? ""), endMs: clockMs(match[2] ?? ""), lines: [] };
  // Behind the number of a cue stand its times, however damaged.
  const isDamaged = line.includes("-->") || (/\d:\d/u.test(line) && !/\p{L}/u.test(line));
  const isInPlace = at === 1 && number.test(lines[0] ?? "") && isDamaged;
  return isInPlace || brokenTiming.test(line) ? cueLike(before) : null;
}

const cueLike = (before: Cue | undefined): Cue => ({
  startMs: before?.startMs ?? null,
  endMs: before?.endMs ?? null,
  lines: [],
});

const voice = /<v(?:\.[^\s<>]*)?[ \t]+([^<>\n]*)>/u;

/** One for each voice in the cue. */
function segmentsOf({ startMs, endMs, lines }: Cue): Segment[] {
  const [before = "", ...spoken] = lines.join("\n").split(voice);
  const voices = spoken.flatMap((name, at) =>
    at % 2 === 0 ? [{ speaker: plainText(name) || null, text: plainText(spoken[at + 1] ?? "") }] : [],
  );
  return [{ speaker: null, text: plainText(before) }, ...voices]
    .filter(({ text }) => text !== "")
    .map(({ speaker, text }) => ({ speaker, startMs, endMs, text }));
}

const entities = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
  ["lrm", ""],
  ["rlm", ""],
]);

function plainText(marked: string): string {
  return marked
    .replace(/<\/?(?:b|i|u|s|c|v|font|lang|ruby|rt)(?:[.\s][^<>]*)?>|<[\d:.,]+>|\{\\[^{}]*\}/giu, "")
    .replace(/&(#x?[\da-f]{1,6}|[a-z]+);/giu, (whole, name: string) => entity(name) ?? whole)
    .replace(/\s+/gu, " ")
    .trim();
}

function entity(name: string): string | undefined {
  if (!name.startsWith("#")) return entities.get(name.toLowerCase());
  const code = Number(name[1] === "x" || name[1] === "X" ? `0${name.slice(1)}` : name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
