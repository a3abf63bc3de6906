import type { RefusedTexts } from "../models/refused-texts.ts";
import type { DescriptionSubject, Summariser } from "./merge-descriptions.ts";

/** Descriptions that the model refuses to sum up are put together without it. A model that is away is an error, as ever. */
export class SteadySummariser implements Summariser {
  readonly #model: Summariser;
  readonly #plain: Summariser;
  readonly #refused: RefusedTexts;

  constructor(model: Summariser, plain: Summariser, refused: RefusedTexts) {
    this.#model = model;
    this.#plain = plain;
    this.#refused = refused;
  }

  async summarise(
    subject: DescriptionSubject,
    descriptions: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    try {
      return await this.#model.summarise(subject, descriptions, signal);
    } catch (thrown) {
      const error = await this.#refused.requireOneText(thrown, signal);
      const what = `the description of ${subject.kind.toLowerCase()} "${subject.name}" was put together without the model`;
      this.#refused.note(what, error);
      return this.#plain.summarise(subject, descriptions, signal);
    }
  }
}
