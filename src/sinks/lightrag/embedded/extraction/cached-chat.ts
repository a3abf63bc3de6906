import { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { cleanText } from "../../clean-text.ts";
import type { ChatMessage, ChatModel } from "../models/models.ts";
import { type Answer, type AnswerCache, answerKey } from "./answers.ts";

export interface Question {
  type: "extract" | "summary";
  /** The last message is the question; a system message and earlier turns may precede it. */
  messages: readonly ChatMessage[];
  /** The chunk that the question is about. */
  chunkId: string | null;
  /** Whether an answer can be parsed. An unreadable one is returned, but neither stored in nor taken from the cache. */
  isReadable?: (text: string) => boolean;
}

/** A chat model behind a cache. */
export class CachedChat {
  readonly #model: ChatModel;
  readonly #cache: AnswerCache;

  constructor(model: ChatModel, cache: AnswerCache) {
    this.#model = model;
    this.#cache = cache;
  }

  /** The model's name, for messages. */
  get id(): string {
    return this.#model.id;
  }

  async ask(question: Question, signal: AbortSignal): Promise<Answer> {
    const messages = question.messages.map(({ role, content }) => ({ role, content: cleanText(content) }));
    const key = answerKey(question.type, [JSON.stringify(messages), this.#model.id]);
    const kept = this.#cache.get(key);
    if (kept !== undefined && isReadable(question, kept.text)) return kept;
    return this.#askModel({ ...question, messages }, key, signal);
  }

  async #askModel(question: Question, key: string, signal: AbortSignal): Promise<Answer> {
    const { text: raw, truncated } = await this.#model.complete(question.messages, {}, signal);
    const text = withoutThinking(raw);
    if (text === "") throw onlyThinking(this.#model.id);
    if (truncated || !isReadable(question, text)) return { text, cacheKey: undefined };
    return this.#cache.put(key, {
      return: text,
      cache_type: question.type,
      chunk_id: question.chunkId,
      original_prompt: question.messages.at(-1)?.content ?? "",
      queryparam: null,
    });
  }
}

function isReadable({ isReadable: check }: Question, text: string): boolean {
  return check?.(text) ?? true;
}

/** Some models put their reasoning before the answer, and some of those omit the opening tag. */
function withoutThinking(text: string): string {
  return text
    .replace(/^(?:(?!<think>)[\s\S])*?<\/think>/u, "")
    .replace(/<think>[\s\S]*?<\/think>/gu, "")
    .trim();
}

function onlyThinking(model: string): ConnectorError {
  return new ConnectorError("MODEL_ANSWER_UNUSABLE", `${model} answered with its reasoning only`, {
    subject: model,
    hint: "raise the model's output limit, or switch its thinking off",
  });
}
