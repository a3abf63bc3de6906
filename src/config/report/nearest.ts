import { editDistance } from "../../kernel/util/edit-distance.ts";

/** The candidate most similar to the word, or null when none is similar enough: about a third of it may differ. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  // A longer word is not a misspelt key, and its distance would be expensive.
  if (word.length > 64) return null;
  const limit = Math.max(1, Math.floor(word.length / 3));
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((one, other) => one.distance - other.distance);
  return ranked[0]?.candidate ?? null;
}
