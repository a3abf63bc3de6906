/** What a document costs of a budget. */
export interface DocumentCost {
  documents: number;
  characters: number;
  tokens: number;
}

/** The usual rule for English. */
const charactersPerToken = 4;

export function estimatedTokens(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

export function costOf(text: string): DocumentCost {
  return { documents: 1, characters: text.length, tokens: estimatedTokens(text.length) };
}
