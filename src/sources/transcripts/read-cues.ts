import type { Segment } from "../../domain/memory.ts";
import { nameSpeakers } from "./name-speakers.ts";
import { clockMs, clockPattern } from "./raw-transcript.ts";

const timing = new RegExp(`^\\s*(${clockPattern})\\s*-->\\s*(${clockPattern})(?:\\s.*)?$`, "u");

interface Cue {
  startMs: number;
  endMs: number;
  lines: string[];
}

/**
 * The cues of subtitles, SRT or VTT, with lines that end with line feeds. Whatever stands before the first one, notes and styles are left out. Null for
 * a text without cues that is not empty.
 */
export function readCues(subtitles: string): Segment[] | null {
  const cues = subtitles.split(/\n[ \t]*\n/u).reduce<Cue[]>(addBlock, []);
  if (cues.length === 0 && !/^(?:WEBVTT.*)?\s*$/u.test(subtitles)) return null;
  return nameSpeakers(cues.flatMap(segmentsOf));
}

/** A block is usually one cue, with a number or a name on its first line. */
function addBlock(cues: Cue[], block: string): Cue[] {
  const lines = block.split("\n").filter((line) => line.trim() !== "");
  const isOfCues = lines.some((line) => timing.test(line));
  if (!isOfCues && /^(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)|^\s*\d+\s*$/u.test(lines[0] ?? "")) return cues;
  // Text behind a blank line belongs to the cue before.
  let cue = isOfCues ? undefined : cues.at(-1);
  for (const line of lines) {
    const match = timing.exec(line);
    if (match === null) {
      cue?.lines.push(line);
      continue;
    }
    // Between cues without a blank line stands the number of the next one.
    if (/^\s*\d+\s*$/u.test(cue?.lines.at(-1) ?? "")) cue?.lines.pop();
    cue = { startMs: clockMs(match[1] ?? ""), endMs: clockMs(match[2] ?? ""), lines: [] };
    cues.push(cue);
  }
  return cues;
}

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
