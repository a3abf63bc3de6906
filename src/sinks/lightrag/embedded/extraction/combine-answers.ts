import type { ParsedAnswer } from "./parse-answer.ts";

/**
 * Combines several answers about one chunk: a later answer's statement about a name or pair replaces an earlier one only when its
 * description is longer (contract §10.1).
 */
export function combineAnswers(answers: readonly ParsedAnswer[]): ParsedAnswer {
  const combined: ParsedAnswer = { entities: new Map(), relations: new Map() };
  for (const { entities, relations } of answers) {
    keepLonger(combined.entities, entities);
    keepLonger(combined.relations, relations);
  }
  return combined;
}

function keepLonger<T extends { description: string }>(
  kept: Map<string, T[]>,
  offered: Map<string, T[]>,
): void {
  for (const [key, mentions] of offered) {
    const existing = kept.get(key);
    if (existing === undefined || descriptionLength(mentions) > descriptionLength(existing)) {
      kept.set(key, mentions);
    }
  }
}

/** Code points of the first description. */
function descriptionLength(mentions: readonly { description: string }[]): number {
  return Array.from(mentions[0]?.description ?? "").length;
}
