import { ConnectorError, toConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { isModelErrorCode } from "../../../../kernel/openai/classify-failure.ts";
import { halvesOf } from "../../../../kernel/util/collections.ts";
import type { DescriptionSubject, Summariser } from "../merge/merge-descriptions.ts";
import { type AskModels, ModelProbe } from "../models/model-probe.ts";
import type { EmbeddingModel } from "../models/models.ts";
import type { TextEmbedder } from "./vector-changes.ts";

/** Collects the texts that models refuse, so that work on the others can continue. */
export class RefusedTexts {
  /** One error per refused text, with its name. */
  readonly errors: ConnectorError[] = [];
  readonly #ask: AskModels;

  constructor(ask: AskModels) {
    this.#ask = ask;
  }

  /**
   * Resolves when the failure concerns this one text; rethrows any other failure. A model that has just answered may be down now,
   * so it is probed each time.
   */
  async requireOneText(thrown: unknown, signal: AbortSignal): Promise<ConnectorError> {
    signal.throwIfAborted();
    const error = toConnectorError(thrown);
    if (!isModelErrorCode(error.code) || (await new ModelProbe(this.#ask).isUnavailable(error, signal)))
      throw thrown;
    return error;
  }

  /** `what` describes the refused text. */
  note(what: string, error: ConnectorError): void {
    const details = { subject: error.subject ?? what, cause: error };
    this.errors.push(new ConnectorError(error.code, `${what}: ${error.message}`, details));
  }
}

/**
 * Embeds texts even if the model refuses some. A refused batch is divided; a text that is refused alone gets the vector of its
 * first line, which is its name, and keeps its previous vector if that is refused as well.
 */
export class TolerantEmbedding implements TextEmbedder {
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

/** Merges descriptions without the model if it refuses to summarise them. A model that is down still is an error. */
export class TolerantSummariser implements Summariser {
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
