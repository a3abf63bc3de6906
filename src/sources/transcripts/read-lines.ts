import type { Segment } from "../../domain/memory.ts";
import { nameSpeakers } from "./name-speakers.ts";
import { clockMs, clockPattern, type RawTranscript } from "./raw-transcript.ts";

/**
 * The rows of a table with tabs, as Whisper writes it: beginning and end in milliseconds, and the text. Null for any other table.
 */
export function readTable(table: string): Segment[] | null {
  const rows = table.split("\n").filter((line) => line.trim() !== "");
  const head = rows[0]?.toLowerCase().split("\t") ?? [];
  const columns = head.includes("text") ? head : ["start", "end", "text"];
  const segments = (columns === head ? rows.slice(1) : rows).map((row) => rowOf(row.split("\t"), columns));
  return segments.every((segment) => segment !== null) ? nameSpeakers(segments) : null;
}

function rowOf(cells: readonly string[], columns: readonly string[]): Segment | null {
  // What is said may hold tabs of its own: they make cells beyond those of the head.
  const more = Math.max(0, cells.length - columns.length);
  const said = columns.indexOf("text");
  const cell = (name: string) => {
    const at = columns.indexOf(name);
    if (at < 0) return "";
    return cells
      .slice(at > said ? at + more : at, at < said ? at + 1 : at + 1 + more)
      .join(" ")
      .trim();
  };
  const [startMs, endMs] = [cell("start"), cell("end")].map((text) =>
    /^\d{1,12}(?:\.\d+)?$/u.test(text) ? Math.round(Number(text)) : null,
  );
  if (startMs == null || endMs == null) return null;
  return { speaker: cell("speaker") || null, startMs, endMs, text: cell("text") };
}

/** A line that begins what somebody says; `text` is empty where that follows on lines of its own. */
type LineForm = (line: string) => Segment | null;

const form =
  (pattern: RegExp): LineForm =>
  (line) => {
    const { start = "", end, speaker, text = "" } = pattern.exec(line)?.groups ?? {};
    if (start === "") return null;
    return {
      speaker: speaker?.trim() || null,
      startMs: clockMs(start),
      endMs: end === undefined ? null : clockMs(end),
      text,
    };
  };

const start = `(?<start>${clockPattern})`;
const forms: readonly LineForm[] = [
  // `[00:00.000 --> 00:02.400]  Met Ada.`: what Whisper's programs show while they work.
  form(new RegExp(`^\\[${start}\\s*-->\\s*(?<end>${clockPattern})\\]\\s*(?<text>.*)$`, "u")),
  // `[00:00:03] Ada: Met Ben.`
  form(new RegExp(`^\\[?${start}\\]?\\s+(?<speaker>[^:\\n]{1,60}):\\s+(?<text>\\S.*)$`, "u")),
  // `Ada  0:03`, and what she says below: Otter.
  form(new RegExp(`^(?<speaker>\\S.{0,59}?)(?:[ ]{2}|\\t)\\s*\\(?${start}\\)?\\s*$`, "u")),
  // `00:00:03 Ada`, and what she says below: Plaud.
  form(new RegExp(`^\\[?${start}\\]?\\s+(?<speaker>[^\\s:][^:\\n]{0,59}):?\\s*$`, "u")),
];

const advertising = /(?:^|\n)Transcribed by https:\/\/otter\.ai\/?$/u;

/** A text in lines: as Otter, Plaud and others export it, with speakers and times, or just what was said. */
export function readLines(content: string): RawTranscript {
  const text = content.trim().replace(advertising, "").trim();
  const lines = text.split("\n");
  for (const read of forms) {
    const segments = segmentsBy(read, lines);
    if (segments !== null) return { segments, text: null, language: null };
  }
  const segments = nameSpeakers(lines.filter((line) => line.trim() !== "").map(untimed));
  const hasSpeakers = segments.some(({ speaker }) => speaker !== null);
  return { segments: hasSpeakers ? segments : [], text, language: null };
}

const untimed = (text: string): Segment => ({ speaker: null, startMs: null, endMs: null, text });

/** Null where the lines are not of this form: a time at the end or the beginning of some line may be one of the day. */
function segmentsBy(read: LineForm, lines: readonly string[]): Segment[] | null {
  const beginnings = lines.map(read);
  const begun = beginnings.filter((each) => each !== null);
  const isInOrder = begun.every(
    ({ startMs }, at) => at === 0 || (startMs ?? 0) >= (begun[at - 1]?.startMs ?? 0),
  );
  const isAlone = begun.length === 1 && begun[0]?.startMs === 0 && beginnings[0] !== null;
  if (!isInOrder || !(begun.length > 1 || isAlone)) return null;
  const parts: { segment: Segment; said: string[] }[] = [];
  for (const [at, line] of lines.entries()) {
    const segment = beginnings[at] ?? null;
    if (segment !== null) parts.push({ segment, said: [segment.text] });
    else if (parts.length > 0) parts.at(-1)?.said.push(line.trim());
    // What stands before the first turn: a title, a date.
    else parts.push({ segment: untimed(""), said: [line.trim()] });
  }
  return parts.map(({ segment, said }) => ({ ...segment, text: said.filter(Boolean).join("\n") }));
}
