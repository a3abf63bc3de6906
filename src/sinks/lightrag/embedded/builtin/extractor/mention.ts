import type { Sentence, Word } from "./language.ts";
import type { EntityType } from "./noun-types.ts";

/** Words of a sentence that denote an entity. */
export interface Mention {
  /** The entity's name in its canonical spelling. */
  name: string;
  type: EntityType;
  /** Indexes of the first and the last word in the sentence. */
  first: number;
  last: number;
  /** A person who is spoken to ("Hey Evan, …") rather than of. */
  addressed?: boolean;
}

/** Who is speaking, to whom, and when: the context of a sentence. */
export interface Situation {
  speaker: string | null;
  addressee: string | null;
  /** A time on the day of recording, UTC. */
  recordedOn: Date | null;
}

/** Finds mentions among the words that no earlier finder has taken. */
export type MentionFinder = (
  sentence: Sentence,
  situation: Situation,
  isFree: (at: number) => boolean,
) => Mention[];

/** The words within a part of the sentence's text, or null. */
export function wordRange(
  words: readonly Word[],
  start: number,
  end: number,
): { first: number; last: number } | null {
  const isInside = (word: Word) => word.start >= start && word.end <= end;
  const first = words.findIndex(isInside);
  return first < 0 ? null : { first, last: words.findLastIndex(isInside) };
}
