import type { Segment } from "../../domain/memory.ts";

/** WhisperX writes `[SPEAKER_00]: ` before what somebody says. */
const inBrackets = /^\s*\[([^[\]\n]{1,60})\]:\s+/u;
/** Zoom and others write `Ada Lovelace: `. */
const withColon = /^\s*(\p{L}[^:\n]{0,39}):\s+(?=\S)/u;

/**
 * Takes speakers from what they say, where programs write them before it. A name with a colon counts only if each of several segments begins with
 * one: `Note: bring a coat` is no speaker.
 */
export function nameSpeakers(segments: readonly Segment[]): Segment[] {
  if (segments.some(({ speaker }) => speaker !== null)) return [...segments];
  if (segments.some(({ text }) => inBrackets.test(text)))
    return segments.map((segment) => named(segment, inBrackets));
  const areNamed = segments.length > 1 && segments.every(({ text }) => withColon.test(text));
  return areNamed ? segments.map((segment) => named(segment, withColon)) : [...segments];
}

function named(segment: Segment, pattern: RegExp): Segment {
  const [whole = "", speaker = null] = pattern.exec(segment.text) ?? [];
  return { ...segment, speaker, text: segment.text.slice(whole.length) };
}
