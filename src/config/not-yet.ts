/**
 * Settings that are accepted for features that this version does not have. Giving one of them another value than its default
 * is a warning. Who builds a feature removes its lines here, and nothing else.
 */
export interface NotYet {
  /** A setting, or a block with all its settings. `[]` stands for any index. */
  pattern: string;
  feature: string;
}

const media = "media";
const alerts = "alerts";
const caching = "look-ups that are cached";

export const notYet: readonly NotYet[] = [
  { pattern: "connectors[].transformation.include_audio", feature: media },
  { pattern: "connectors[].transformation.include_image", feature: media },
  { pattern: "connectors[].transformation.geocoding", feature: "names of places" },
  { pattern: "connectors[].transformation.extract_tags", feature: "tags found in transcripts" },
  { pattern: "connectors[].transformation.merge", feature: "notes that share a document" },
  { pattern: "connectors[].transformation.merge_max_characters", feature: "notes that share a document" },
  { pattern: "geocoder", feature: "names of places" },
  { pattern: "media", feature: media },
  { pattern: "monitoring.alerts", feature: alerts },
  { pattern: "advanced.performance", feature: caching },
];
