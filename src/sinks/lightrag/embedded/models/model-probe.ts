import type { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { isModelUnavailable, mayBeCausedByText } from "../../../../kernel/openai/classify-failure.ts";

/** Asks the models something small; throws when one does not answer as it should. */
export type AskModels = (signal: AbortSignal) => Promise<unknown>;

/**
 * Tells a model that fails at one text from one that fails at every text, by asking it a question of a few words. Asked once at most:
 * make one for each group of failures that come together.
 */
export class ModelProbe {
  readonly #ask: AskModels;
  #works: Promise<boolean> | undefined;

  constructor(ask: AskModels) {
    this.#ask = ask;
  }

  /** Whether any other text would fail now as well, so that no attempt should count. */
  async isUnavailable(error: ConnectorError, signal: AbortSignal): Promise<boolean> {
    if (!mayBeCausedByText(error)) return isModelUnavailable(error.code);
    this.#works ??= this.#ask(signal).then(
      () => true,
      () => false,
    );
    return !(await this.#works);
  }
}
