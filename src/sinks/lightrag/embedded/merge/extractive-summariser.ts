import type { Tokenizer } from "../text/tokenizer.ts";
import { joinList } from "./knowledge.ts";
import type { DescriptionSubject, Summariser } from "./merge-descriptions.ts";

/** Below LightRAG's threshold of eight, so that the result is not summarised again at once. */
const maxFragments = 7;
const maxTokens = 600;

/** Summarises without a chat model: keeps the descriptions that together cover most words, in their order. Deterministic. */
export class ExtractiveSummariser implements Summariser {
  readonly #tokenizer: Tokenizer;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  async summarise(_subject: DescriptionSubject, descriptions: readonly string[]): Promise<string> {
    const kept = new Set<number>();
    const covered = new Set<string>();
    let tokens = 0;
    const words = descriptions.map(contentWords);
    const sizes = descriptions.map((description) => this.#tokenizer.count(description));
    while (kept.size < maxFragments) {
      const next = mostNews(
        words,
        covered,
        (index) => !kept.has(index) && tokens + (sizes[index] ?? 0) <= maxTokens,
      );
      if (next === undefined) break;
      kept.add(next);
      tokens += sizes[next] ?? 0;
      for (const word of words[next] ?? []) covered.add(word);
    }
    if (kept.size === 0) return this.#tokenizer.truncate(descriptions[0] ?? "", maxTokens);
    return joinList(descriptions.filter((_, index) => kept.has(index)));
  }
}

/** The eligible description with the most uncovered words; the earlier of equals. */
function mostNews(
  words: readonly ReadonlySet<string>[],
  covered: ReadonlySet<string>,
  eligible: (index: number) => boolean,
): number | undefined {
  let best: number | undefined;
  let bestNews = 0;
  for (const [index, ownWords] of words.entries()) {
    if (!eligible(index)) continue;
    const news = ownWords.values().reduce((count, word) => (covered.has(word) ? count : count + 1), 0);
    if (news > bestNews) {
      best = index;
      bestNews = news;
    }
  }
  return best;
}

function contentWords(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}
