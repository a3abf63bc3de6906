import type { Memory } from "./memory.ts";

/** What programs write for somebody whom they cannot name: `SPEAKER_00`, `Speaker 2`, `Unknown Speaker`, `A`. */
const unnamed =
  /^(?:(?:unknown )?(?:speaker|spk|sprecher(?:in)?|participant|person|user|guest|voice|channel|unknown)[ _-]*)?(?:\d+|[a-z])?$/iu;

/** Whoever keeps the memories, what answers them, and what stands where a name is gone. */
const nobody = new Set(
  "me,myself,you,ich,moi,self,owner,host,human,assistant,system,bot,ai,deleted account".split(","),
);

/** Programs that talk with whoever keeps the memories. */
const programs = new Set(["chatgpt", "claude"]);

/**
 * Who speaks in a memory by a name of their own, each once, in the order of speaking: neither `Speaker 1` nor `Me`. What stands in brackets behind a
 * name, such as `(Guest)`, is none of it.
 */
export function namedSpeakers({ segments = [] }: Pick<Memory, "segments">): string[] {
  const speakers = new Set(segments.flatMap(({ speaker }) => (speaker === null ? [] : nameIn(speaker))));
  const talksWithMe = segments.some(({ speaker }) => speaker === "Me");
  return [...speakers].filter((name) => isName(name) && !(talksWithMe && programs.has(name.toLowerCase())));
}

/** More is no name, whatever a source says. */
const longestSpeaker = 200;

const nameIn = (speaker: string) =>
  speaker
    .slice(0, longestSpeaker)
    .trim()
    .replace(/\s*\([^()]*\)$/u, "");

/** A number of a telephone is none, nor is a word in brackets: the place of one that was taken out. */
const isName = (name: string) =>
  /\p{L}/u.test(name) && !/^[[(<{]/u.test(name) && !unnamed.test(name) && !nobody.has(name.toLowerCase());
