import type { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { isModelUnavailable, mayBeCausedByText } from "../../../../kernel/openai/classify-failure.ts";
import { plural } from "../../../../kernel/util/readable.ts";
import type { DirectModels } from "./models.ts";

/** Sends the models a small request; throws when one does not answer properly. */
export type AskModels = (signal: AbortSignal) => Promise<unknown>;

/**
 * Distinguishes a model that fails for one text from one that fails for every text, by a question of a few words. It asks at most
 * once: create one instance for each group of related failures.
 */
export class ModelProbe {
  readonly #ask: AskModels;
  #works: Promise<boolean> | undefined;

  constructor(ask: AskModels) {
    this.#ask = ask;
  }

  /** Whether any other text would fail now as well, so that the failure does not count as an attempt. */
  async isUnavailable(error: ConnectorError, signal: AbortSignal): Promise<boolean> {
    if (!mayBeCausedByText(error)) return isModelUnavailable(error.code);
    this.#works ??= this.#ask(signal).then(
      () => true,
      () => false,
    );
    return !(await this.#works);
  }
}

/** Sends each model a small request. Resolves to a sentence for people about the models that answered. Throws `MODEL_*`. */
export async function checkModels(
  { embedding, extraction, chat }: DirectModels,
  signal: AbortSignal,
): Promise<string> {
  await embedding.embed(["memory"], signal);
  if (chat !== undefined) {
    await chat.complete([{ role: "user", content: "Answer with the word yes." }], {}, signal);
  }
  const reader = extraction ?? chat;
  return `${reader.id} reads texts, ${embedding.id} turns them into vectors of ${plural(embedding.dimension, "number")}`;
}
