import type { CachedChat } from "../extraction/cached-chat.ts";
import { summaryQuestion } from "../extraction/prompts.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { type DescriptionSubject, type Summariser, summaryContextTokens } from "./merge-descriptions.ts";

/** Summaries by a chat model. */
export class ChatSummariser implements Summariser {
  readonly #chat: CachedChat;
  readonly #tokenizer: Tokenizer;
  readonly #language: string;

  constructor(chat: CachedChat, tokenizer: Tokenizer, language: string) {
    this.#chat = chat;
    this.#tokenizer = tokenizer;
    this.#language = language;
  }

  async summarise(
    subject: DescriptionSubject,
    descriptions: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    const lines = descriptions.map((Description) => JSON.stringify({ Description }));
    const content = summaryQuestion(subject, this.#fitting(lines).join("\n"), this.#language);
    const question = { type: "summary", messages: [{ role: "user", content }], chunkId: null } as const;
    return (await this.#chat.ask(question, signal)).text;
  }

  /** As many whole lines from the start as fit into one question. */
  #fitting(lines: readonly string[]): readonly string[] {
    let count = lines.length;
    while (count > 0 && !this.#tokenizer.fits(lines.slice(0, count).join("\n"), summaryContextTokens))
      count--;
    return lines.slice(0, count);
  }
}
