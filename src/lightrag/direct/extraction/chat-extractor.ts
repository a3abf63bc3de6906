import type { ChatMessage } from "../models/models.ts";
import type { Chunk } from "../text/chunking.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { Answer } from "./answer-cache.ts";
import type { CachedChat } from "./cached-chat.ts";
import type { ChunkExtractor } from "./chunk-extractor.ts";
import { extractionInstructions, extractionQuestion, gleaningQuestion } from "./prompts.ts";

/** LightRAG's default: a second question must leave room for its answer. */
const maxInputTokens = 20_480;

/** Extraction by a chat model: one question, and one that asks what the first answer missed ("gleaning"). */
export class ChatExtractor implements ChunkExtractor {
  readonly #chat: CachedChat;
  readonly #tokenizer: Tokenizer;
  readonly #instructions: ChatMessage;

  constructor(chat: CachedChat, tokenizer: Tokenizer, language: string) {
    this.#chat = chat;
    this.#tokenizer = tokenizer;
    this.#instructions = { role: "system", content: extractionInstructions(language) };
  }

  async extract(chunk: Chunk, signal: AbortSignal): Promise<Answer[]> {
    const question: ChatMessage = { role: "user", content: extractionQuestion(chunk.record.content) };
    const first = await this.#ask([this.#instructions, question], chunk, signal);
    const again: ChatMessage[] = [
      this.#instructions,
      question,
      { role: "assistant", content: first.text },
      { role: "user", content: gleaningQuestion() },
    ];
    const fits = this.#tokenizer.fits(again.map(({ content }) => content).join("\n"), maxInputTokens);
    return fits ? [first, await this.#ask(again, chunk, signal)] : [first];
  }

  #ask(messages: readonly ChatMessage[], chunk: Chunk, signal: AbortSignal): Promise<Answer> {
    return this.#chat.ask({ type: "extract", messages, chunkId: chunk.id }, signal);
  }
}
