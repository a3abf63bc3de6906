import { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { classifyByWords } from "../../../../kernel/openai/classify-failure.ts";
import { printable } from "../../../../kernel/util/terminal-text.ts";
import type { ChatMessage } from "../models/models.ts";
import type { Chunk } from "../text/chunking.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { Answer, ChunkExtractor } from "./answers.ts";
import type { CachedChat } from "./cached-chat.ts";
import { isReadableAnswer } from "./parse-answer.ts";
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

  /** Throws `MODEL_ANSWER_UNREADABLE` when the model twice answers the first question without a record. */
  async extract(chunk: Chunk, signal: AbortSignal): Promise<Answer[]> {
    const question: ChatMessage = { role: "user", content: extractionQuestion(chunk.record.content) };
    const first = await this.#askTwice([this.#instructions, question], chunk, signal);
    const again: ChatMessage[] = [
      this.#instructions,
      question,
      { role: "assistant", content: first.text },
      { role: "user", content: gleaningQuestion() },
    ];
    const fits = this.#tokenizer.fits(again.map(({ content }) => content).join("\n"), maxInputTokens);
    return fits ? [first, await this.#ask(again, chunk, signal)] : [first];
  }

  async #askTwice(messages: readonly ChatMessage[], chunk: Chunk, signal: AbortSignal): Promise<Answer> {
    for (let asked = 1; ; asked++) {
      const answer = await this.#ask(messages, chunk, signal);
      if (isReadableAnswer(answer.text)) return answer;
      if (asked === 2) throw unreadable(this.#chat.id, answer.text, messages);
    }
  }

  #ask(messages: readonly ChatMessage[], chunk: Chunk, signal: AbortSignal): Promise<Answer> {
    const about = { type: "extract", chunkId: chunk.id, isReadable: isReadableAnswer } as const;
    return this.#chat.ask({ ...about, messages }, signal);
  }
}

const shownCharacters = 120;
/** A router without an answer may send a short notice instead. */
const longestNotice = 300;

function unreadable(model: string, text: string, messages: readonly ChatMessage[]): ConnectorError {
  const asked = messages.map(({ content }) => content).join("\n");
  const spoken =
    text.length <= longestNotice ? classifyByWords({ marks: "", message: text }, asked) : undefined;
  const code = spoken === "MODEL_BUSY" || spoken === "MODEL_QUOTA" ? spoken : "MODEL_ANSWER_UNREADABLE";
  const begin = printable(text.slice(0, shownCharacters));
  return new ConnectorError(code, `${model} did not answer in records; its answer begins: ${begin}`, {
    subject: model,
  });
}
