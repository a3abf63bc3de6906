import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { count, duration, headerSecret, httpUrl, text } from "../../kernel/settings/types.ts";

/** The settings that both kinds of endpoint share. `kind` is for the descriptions. */
function endpointSettings(kind: { what: string; model: string; timeout: string }) {
  return {
    base_url: httpUrl().register(metadata, {
      description: "Address of the OpenAI-compatible endpoint, up to and including `/v1`.",
      example: "https://api.openai.com/v1",
    }),
    model: text().register(metadata, {
      description: `Name of a model that ${kind.what}.`,
      example: kind.model,
    }),
    api_key: headerSecret().optional().register(metadata, {
      description: "Key that is sent as a bearer token.",
      example: `\${OPENAI_API_KEY}`,
      secret: true,
    }),
    timeout: duration()
      .prefault(kind.timeout)
      .register(metadata, { description: "Time limit of one request." }),
  };
}

const transcription = z.strictObject({
  ...endpointSettings({ what: "transcribes speech", model: "whisper-1", timeout: "300s" }),
  language: text().optional().register(metadata, {
    description: "Language that is spoken, as an ISO 639-1 code. Left out, the model finds out by itself.",
    example: "en",
  }),
});

const vision = z.strictObject(
  endpointSettings({ what: "looks at pictures", model: "gpt-4o-mini", timeout: "120s" }),
);

const mebibyte = 1024 * 1024;
const largest = 1024 * mebibyte;

export const mediaSettings = z.strictObject({
  transcription: transcription.optional().register(metadata, {
    description: "The endpoint that transcribes audio, for connectors with `include_audio`.",
  }),
  vision: vision.optional().register(metadata, {
    description: "The endpoint that describes pictures, for connectors with `include_image`.",
  }),
  max_audio_bytes: count({ max: largest })
    .prefault(25 * mebibyte)
    .register(metadata, {
      description: "Larger audio is left out.",
    }),
  max_image_bytes: count({ max: largest })
    .prefault(10 * mebibyte)
    .register(metadata, {
      description: "Larger pictures are left out.",
    }),
  max_concurrent: count({ max: 100 })
    .prefault(2)
    .register(metadata, { description: "Media of one kind that are downloaded or read at the same time." }),
  max_per_run: count().prefault(200).register(metadata, {
    description:
      "Requests to these endpoints that one run may make, repeated ones included; what is left waits for later runs. Bounds the cost. As often it may ask a source whether media have changed.",
  }),
  max_per_day: count().prefault(1000).register(metadata, {
    description: "Requests that all runs of one day (UTC) may make.",
  }),
  on_failure: z.enum(["wait", "continue"]).prefault("wait").register(metadata, {
    description:
      "What happens to a memory whose medium cannot be read now: `wait` holds it back until it can, `continue` writes it without and again later.",
  }),
});

export type MediaSettings = z.output<typeof mediaSettings>;

export function toMediaConfig(settings: MediaSettings) {
  const { transcription, vision } = settings;
  return {
    transcription:
      transcription === undefined
        ? null
        : { ...toEndpoint(transcription), language: transcription.language ?? null },
    vision: vision === undefined ? null : toEndpoint(vision),
    maxBytes: { audio: settings.max_audio_bytes, image: settings.max_image_bytes },
    maxConcurrent: settings.max_concurrent,
    limits: { perRun: settings.max_per_run, perDay: settings.max_per_day },
    onFailure: settings.on_failure,
  };
}

function toEndpoint(endpoint: NonNullable<MediaSettings["vision"]>) {
  const { base_url: baseUrl, model, api_key: apiKey = null, timeout: timeoutMs } = endpoint;
  return { baseUrl, model, apiKey, timeoutMs };
}
