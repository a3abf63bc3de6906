import type { OpenAiEndpointSettings } from "../../kernel/openai/openai-endpoint.ts";
import { OpenAiImageDescriber } from "./openai-image-describer.ts";
import { OpenAiTranscriber } from "./openai-transcriber.ts";

/** A configured endpoint. */
export interface MediaEndpoint {
  baseUrl: string;
  model: string;
  apiKey: string | null;
  timeoutMs: number;
}

export interface MediaEndpoints {
  transcription: (MediaEndpoint & { language: string | null }) | null;
  vision: MediaEndpoint | null;
  /** The most concurrent requests to one endpoint. */
  maxConcurrent: number;
}

/**
 * Creates the configured readers, which the whole program shares; null for a kind that is not configured. `close` ends their connections.
 */
export function createReaders({ transcription, vision, maxConcurrent }: MediaEndpoints) {
  const transcriber =
    transcription &&
    new OpenAiTranscriber({
      ...toSettings(transcription, maxConcurrent),
      language: transcription.language ?? undefined,
    });
  const describer = vision && new OpenAiImageDescriber(toSettings(vision, maxConcurrent));
  return {
    transcriber,
    describer,
    close: async (): Promise<void> => {
      await Promise.all([transcriber?.close(), describer?.close()]);
    },
  };
}

function toSettings(endpoint: MediaEndpoint, concurrency: number): OpenAiEndpointSettings {
  const { baseUrl, model, apiKey, timeoutMs } = endpoint;
  return { baseUrl, model, apiKey: apiKey ?? undefined, timeoutMs, concurrency };
}
