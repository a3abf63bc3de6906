import * as z from "zod";
import type { ValueCache } from "../../kernel/util/value-cache.ts";

/** What the letters of a text say of itself is trusted from so many bytes of UTF-8 on: 24 Latin letters, or eight Chinese ones, which say as much. */
const tellingBytes = 24;
/** So many memories decide what the usual language is; later ones change it no more. */
const deciding = 50;
/** Fewer memories say nothing of those that follow. */
const fewest = 3;

const countsSchema = z.record(z.string(), z.number());

/**
 * The language that most memories of a connector are in, learnt from those long enough to tell. Texts of a few words go by it. Once fifty have been seen it
 * stays, so that a memory which is looked into anew is read as before.
 */
export class UsualLanguage {
  readonly #cache: Pick<ValueCache, "get" | "put">;
  readonly #key: string;

  /** `cache` keeps the counts; a lost one is learnt again. */
  constructor(cache: Pick<ValueCache, "get" | "put">, connectorId: string) {
    this.#cache = cache;
    this.#key = `language/usual/${connectorId}`;
  }

  /** ISO 639-1; null while nothing is known, and where no language has more than half of the memories. */
  async find(): Promise<string | null> {
    const counts = Object.entries(await this.#counts());
    const all = seen(counts);
    const [usual] = counts.find(([, count]) => count > all / 2) ?? [];
    return all < fewest ? null : (usual ?? null);
  }

  /** Counts the language of a text, as it was told without any guess. */
  async learn(text: string, language: string | null): Promise<void> {
    if (language === null || Buffer.byteLength(text.replace(/\P{L}/gu, "")) < tellingBytes) return;
    const counts = await this.#counts();
    if (seen(Object.entries(counts)) >= deciding) return;
    await this.#cache.put(this.#key, { ...counts, [language]: (counts[language] ?? 0) + 1 });
  }

  async #counts(): Promise<Record<string, number>> {
    return countsSchema.safeParse(await this.#cache.get(this.#key)).data ?? {};
  }
}

const seen = (counts: readonly (readonly [string, number])[]) =>
  counts.reduce((all, [, count]) => all + count, 0);
