import { openAsBlob } from "node:fs";
import { z } from "zod";
import { OpenAiEndpoint, type OpenAiEndpointSettings } from "../../kernel/openai/openai-endpoint.ts";
import { unusableAnswer } from "../../kernel/openai/openai-error.ts";
import { storableText } from "../storable-text.ts";
import { fileNameOf } from "./media-formats.ts";
import type { MediaFile, MediaReader } from "./media-reader.ts";

export interface TranscriberSettings extends OpenAiEndpointSettings {
  /** ISO 639-1 code; the model detects the language without it. */
  language?: string | undefined;
}

const answerSchema = z.object({ text: z.string() });

/** Speech to text by an OpenAI-compatible `/audio/transcriptions`. */
export class OpenAiTranscriber implements MediaReader<string> {
  readonly kind = "audio";
  readonly schema = z.string();
  readonly identity: string;
  readonly #endpoint: OpenAiEndpoint;
  readonly #language: string | undefined;

  constructor(settings: TranscriberSettings) {
    this.#endpoint = new OpenAiEndpoint(settings);
    this.#language = settings.language;
    this.identity = `transcription 1 ${this.#endpoint.name} ${settings.language ?? ""}`;
  }

  /** Resolves to the transcript; the empty string for silence. */
  async read(
    { path, contentType }: MediaFile,
    signal: AbortSignal,
    spend?: () => Promise<void>,
  ): Promise<string> {
    const form = new FormData();
    form.append("file", await openAsBlob(path, { type: contentType }), fileNameOf("audio", contentType));
    form.append("model", this.#endpoint.model);
    form.append("response_format", "json");
    if (this.#language !== undefined) form.append("language", this.#language);
    const answer = await this.#endpoint.postForm(["audio", "transcriptions"], form, signal, spend);
    const { data } = answerSchema.safeParse(answer);
    if (data === undefined) throw unusableAnswer(this.#endpoint.name, "gave no text in its answer");
    return storableText(data.text).trim();
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }
}
