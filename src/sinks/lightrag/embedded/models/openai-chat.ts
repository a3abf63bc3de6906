import { readChoice } from "../../../../kernel/openai/chat-choice.ts";
import { OpenAiEndpoint, type OpenAiEndpointSettings } from "../../../../kernel/openai/openai-endpoint.ts";
import { unusableAnswer } from "../../../../kernel/openai/openai-error.ts";
import { plural } from "../../../../kernel/util/readable.ts";
import type { ChatAnswer, ChatMessage, ChatModel, ChatOptions } from "./models.ts";

/** Small local models occasionally return nothing; a retry mostly helps. */
const attempts = 3;

/** A chat model behind an OpenAI-compatible endpoint. */
export class OpenAiChat implements ChatModel {
  readonly id: string;
  readonly #endpoint: OpenAiEndpoint;

  constructor(settings: OpenAiEndpointSettings) {
    this.#endpoint = new OpenAiEndpoint(settings);
    this.id = `openai:${this.#endpoint.name}`;
  }

  async complete(
    messages: readonly ChatMessage[],
    { json = false }: ChatOptions,
    signal: AbortSignal,
  ): Promise<ChatAnswer> {
    const format = json ? { response_format: { type: "json_object" } } : {};
    const request = { model: this.#endpoint.model, messages, ...format };
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const answer = readChoice(await this.#endpoint.post(["chat", "completions"], request, signal), this.id);
      if (answer.text.trim() !== "") return answer;
      if (answer.truncated) throw unusableAnswer(this.id, "used up its output limit before it said anything");
    }
    throw unusableAnswer(this.id, `said nothing, ${plural(attempts, "time")}`);
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }
}
