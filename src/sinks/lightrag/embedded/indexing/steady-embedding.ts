import { halvesOf } from "../../../../kernel/util/collections.ts";
import type { EmbeddingModel } from "../models/models.ts";
import type { RefusedTexts } from "../models/refused-texts.ts";
import type { TextEmbedder } from "./vector-changes.ts";

/**
 * Gives every text the vector that the model has for it. Texts that are refused together are divided; one that is refused alone gets the
 * vector of its first line, its name, and keeps the one that it had when not even that is taken.
 */
export class SteadyEmbedding implements TextEmbedder {
  readonly #model: EmbeddingModel;
  readonly #refused: RefusedTexts;

  constructor(model: EmbeddingModel, refused: RefusedTexts) {
    this.#model = model;
    this.#refused = refused;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<(Float32Array | null)[]> {
    try {
      return await this.#model.embed(texts, signal);
    } catch (thrown) {
      const error = await this.#refused.requireOneText(thrown, signal);
      const [only] = texts;
      if (texts.length > 1 || only === undefined) return this.#divide(texts, signal);
      const name = only.split("\n", 1)[0] ?? "";
      this.#refused.note(
        `the description of "${name.replaceAll("\t", " ")}" has no vector of its own`,
        error,
      );
      return [name === only ? null : await this.#ofName(name, signal)];
    }
  }

  async #divide(texts: readonly string[], signal: AbortSignal): Promise<(Float32Array | null)[]> {
    const vectors: (Float32Array | null)[] = [];
    for (const half of halvesOf(texts)) vectors.push(...(await this.embed(half, signal)));
    return vectors;
  }

  async #ofName(name: string, signal: AbortSignal): Promise<Float32Array | null> {
    try {
      const [vector] = await this.#model.embed([name], signal);
      return vector ?? null;
    } catch (thrown) {
      await this.#refused.requireOneText(thrown, signal);
      return null;
    }
  }
}
