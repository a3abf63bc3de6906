/** Fewer letters say little about the language that they are of. */
const fewLetters = 24;
/** With so little, the expected language is believed where the text speaks for it about as much as for the best one. */
const likelyShare = 0.75;
/** Of two words hardly anything can be told: they need only be possible. */
const hardlyAny = { letters: 12, share: 0.25 };

/**
 * The language of a text, as ISO 639-1 (`en`, `zh`), of sixty; null when it has no letters to tell by. `expected` is what texts of its origin
 * usually are in, and is believed in doubt: for a short text, or one that fits several languages. The same text gives the same language. The
 * first call loads a table of a megabyte.
 */
export async function languageOf(text: string, expected: string | null = null): Promise<string | null> {
  const prior = expected?.toLowerCase().split("-")[0] ?? null;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 2) return prior;
  const { eld } = await import("eld/extrasmall");
  const result = eld.detect(text);
  if (prior === null || result.language === prior) return result.language || prior;
  const scores: Readonly<Record<string, number>> = result.getScores();
  const best = scores[result.language] ?? 0;
  const isInDoubt = letters < fewLetters || !result.isReliable();
  const share = letters < hardlyAny.letters ? hardlyAny.share : likelyShare;
  return isInDoubt && (scores[prior] ?? 0) >= share * best ? prior : result.language || prior;
}
