import type { ErrorTable } from "../error-entry.ts";

/** From a memory to its document: strategies, templates, places, media. */
export const transformErrors = {
  MEDIA_NOT_FOUND: {
    reaction: "skip-item",
    meaning: "The source has no such audio or image, though the memory's flag said so.",
    remedy: "nothing, when the medium was removed at the source",
  },
  MEDIA_TOO_LARGE: {
    reaction: "skip-item",
    meaning: "A medium is larger than the connector may download.",
    remedy: "raise the size limit for media",
  },
  MEDIA_TYPE_UNSUPPORTED: {
    reaction: "skip-item",
    meaning:
      "A medium does not begin as any format of the kind that was asked for, whatever the source calls it.",
    remedy: "correct the medium at the source, or convert it there",
  },
  MEDIA_FORMAT_REFUSED: {
    reaction: "skip-item",
    meaning:
      "The endpoint that reads media does not take this format. It was passed on as it is: nothing is converted here.",
    remedy:
      "set media.transcription or media.vision to an endpoint that takes the format, or convert the medium at the source, for example to MP3 or JPEG; then `memory-connector sync --force`",
    requestRemedy:
      "set media.transcription or media.vision to an endpoint that takes the format, or convert the medium at the source, for example to MP3 or JPEG; then run with force",
  },
  MEDIA_BUDGET_SPENT: {
    reaction: "retry",
    meaning:
      "As many requests for media were made in this run or on this day as the configuration allows to pay for, repeated and failed ones included. What is left is not downloaded.",
    remedy: "wait for the next run or day, or raise media.max_per_run or media.max_per_day",
  },
  MEDIA_NOT_WRITTEN: {
    reaction: "stop-run",
    meaning: "A downloaded medium could not be written to disk.",
    remedy: "check free space and permissions of the folder that the message names",
  },
  TEMPLATE_INVALID: {
    reaction: "fix-input",
    meaning:
      "The template of the `template` strategy cannot be used: its syntax is wrong or it names an unknown variable.",
    remedy: "correct the template; docs/transformation.md lists the variables",
  },
  GEOCODER_FAILED: {
    reaction: "retry",
    meaning:
      "The geocoding service could not be reached or answered with an error. The offline gazetteer was used.",
    remedy: "check geocoder.url; the service is asked again later by itself",
  },
  STRATEGY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The configuration names a transformation strategy that does not exist.",
    remedy: "use a strategy that docs/configuration.md lists under transformation.strategy",
  },
} as const satisfies ErrorTable;
