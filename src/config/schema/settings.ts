import * as z from "zod";
import { mediaSettings } from "../../documents/media/settings.ts";
import { geocoderSettings } from "../../documents/places/settings.ts";
import { apiSettings } from "../../kernel/inbound/settings.ts";
import { metadata } from "../../kernel/settings/metadata.ts";
import { type Setting, settingsOf } from "../../kernel/settings/walk.ts";
import { loggingSettings } from "../../observe/settings.ts";
import { lightragSettings } from "../../sinks/lightrag/settings.ts";
import { memoryApiSettings } from "../../sources/memory-api/settings.ts";
import { stateSettings } from "../../state/settings.ts";
import { advancedSettings } from "./advanced.ts";
import { connectorSettings } from "./connectors.ts";
import { monitoringSettings } from "./monitoring.ts";

/** The whole configuration file, in the file's notation. */
export const settingsSchema = z.strictObject({
  lightrag: lightragSettings.prefault({}).register(metadata, { description: "Where documents go." }),
  memory_api: memoryApiSettings.prefault({}).register(metadata, { description: "Where memories come from." }),
  connectors: z.array(connectorSettings).prefault([]).register(metadata, {
    description: "Each connector carries the memories of one or more contexts into LightRAG.",
  }),
  geocoder: geocoderSettings.prefault({}).register(metadata, {
    description: "Who names places, for connectors with `geocoding`.",
  }),
  media: mediaSettings.prefault({}).register(metadata, {
    description: "Who reads audio and pictures, and how many, for connectors that want it.",
  }),
  state: stateSettings.prefault({}).register(metadata, {
    description: "What is known of every memory: which are done, which wait, which failed.",
  }),
  api: apiSettings.prefault({}).register(metadata, { description: "The management API of `serve`." }),
  logging: loggingSettings.prefault({}).register(metadata, { description: "What is logged, and where." }),
  monitoring: monitoringSettings
    .prefault({})
    .register(metadata, { description: "Metrics, health and alerts." }),
  advanced: advancedSettings
    .prefault({})
    .register(metadata, { description: "Limits that seldom need a change." }),
});

export type Settings = z.output<typeof settingsSchema>;

let declared: readonly Setting[] | undefined;

/** Every setting and block of the file, in declaration order. */
export function declaredSettings(): readonly Setting[] {
  declared ??= [...settingsOf(settingsSchema)];
  return declared;
}
