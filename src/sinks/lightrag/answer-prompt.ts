import type { Findings } from "./knowledge-reader.ts";

/** What a model is told that answers from findings. */
export const instruction = `You answer questions about somebody's recorded memories. Use nothing but the findings below. Each memory says when it was
recorded and often who speaks; work out relative times such as "yesterday" from the time of recording. Answer in the language
of the question, briefly and to the point. Behind every statement put the numbers of the memories that it rests on, as in [2]
or [1][4]. When the findings do not hold the answer, say so.`;

const citation = /\[(\d+)\]/gu;

/** Characters of each part of the context. */
export interface ContextBudgets {
  entities: number;
  relations: number;
  chunks: number;
}

/** The findings as a model is shown them, each chunk with its number. */
export function contextOf(
  { entities, relations, chunks }: Pick<Findings, "entities" | "relations" | "chunks">,
  budgets: ContextBudgets,
): string {
  const known = entities.map(
    ({ name, type, descriptions }) => `- ${name} (${type}): ${descriptions.join(" ")}`,
  );
  const joined = relations.map(
    ({ source, target, keywords, descriptions }) =>
      `- ${source} and ${target} (${keywords.join(", ")}): ${descriptions.join(" ")}`,
  );
  const memories = chunks.map(({ text }, i) => `[${i + 1}]\n${text}\n`);
  return [
    "Entities:",
    ...withinBudget(known, budgets.entities),
    "\nRelations:",
    ...withinBudget(joined, budgets.relations),
    "\nMemories:",
    ...withinBudget(memories, budgets.chunks),
  ].join("\n");
}

/** As many of the first parts as fit. */
function withinBudget(parts: readonly string[], budget: number): string[] {
  let used = 0;
  return parts.filter((part) => {
    used += part.length;
    return used <= budget;
  });
}

/** The documents that the answer cites, most cited first; without citations, those that it could have used. */
export function citedSources(answer: string, chunks: Findings["chunks"]): string[] {
  const counts = new Map<string, number>();
  for (const [, number] of answer.matchAll(citation)) {
    const source = chunks[Number(number) - 1]?.fileSource;
    if (source !== undefined) counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  const cited = [...counts].sort((a, b) => b[1] - a[1]).map(([source]) => source);
  return cited.length > 0 ? cited : [...new Set(chunks.map(({ fileSource }) => fileSource))];
}
