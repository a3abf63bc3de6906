import { z } from "zod";
import { hostOf, portOf } from "../http/attempt-observer.ts";
import type { SpanAttributes, SpanDescription } from "../tracing/span.ts";

/** The names of the conventions for generative models, by the endpoint's path. */
const operations: ReadonlyMap<string, string> = new Map([
  ["chat/completions", "chat"],
  ["embeddings", "embeddings"],
  ["audio/transcriptions", "transcription"],
]);

/**
 * A span for a call of a model: its attempts are parts of it. By the conventions for generative models, of which OpenTelemetry has
 * called none stable; neither prompts nor answers are in it.
 */
export function modelCall(path: readonly string[], model: string, url: URL): SpanDescription {
  const operation = operations.get(path.join("/")) ?? "other";
  return {
    name: `${operation} ${model}`,
    kind: "client",
    attributes: {
      "gen_ai.operation.name": operation,
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": model,
      "server.address": hostOf(url),
      "server.port": portOf(url),
    },
  };
}

const count = z.int().nonnegative().optional().catch(undefined);
const answerSchema = z.object({ usage: z.object({ prompt_tokens: count, completion_tokens: count }) });

/** What the endpoint says to have read and written. */
export function usageOf(answer: unknown): SpanAttributes {
  const { data } = answerSchema.safeParse(answer);
  return {
    "gen_ai.usage.input_tokens": data?.usage.prompt_tokens,
    "gen_ai.usage.output_tokens": data?.usage.completion_tokens,
  };
}
