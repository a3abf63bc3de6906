import * as z from "zod";
import { maskSecrets } from "../../config/mask-secrets.ts";
import { connectorJsonSchema } from "../../config/schema/connectors.ts";
import { describeSchedule } from "../../schedule/schedule.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";
import type { CatalogEntry } from "./connector-catalog.ts";

const settings = z.record(z.string(), z.unknown());

export const connectorSchema = z
  .strictObject({
    id: z.string(),
    origin: z.enum(["file", "api"]).describe("`file`: it is changed in the configuration file only"),
    enabled: z.boolean(),
    description: z.string(),
    contextIds: z.array(z.string()),
    schedule: z.string().describe("for people, e.g. `every 3600 s`"),
    timezone: z.string().describe("the time zone of its days, such as Europe/Lisbon"),
    strategy: z.string(),
    version: z.int().nullable().describe("the entity tag; null for a connector of the file"),
    settings: settings
      .nullable()
      .describe("as they were sent, secrets masked; null for a connector of the file"),
    createdAt: instantSchema.nullable(),
    changedAt: instantSchema.nullable(),
  })
  .meta({ id: "Connector" });

export function connectorJson({ config, stored }: CatalogEntry): z.infer<typeof connectorSchema> {
  return {
    id: config.id,
    origin: stored === null ? "file" : "api",
    enabled: config.enabled,
    description: config.description,
    contextIds: [...config.contextIds],
    schedule: describeSchedule(config.schedule),
    timezone: config.timezone,
    strategy: config.transformation.strategy,
    version: stored?.version ?? null,
    settings: stored && (maskSecrets(stored.settings) as Record<string, unknown>),
    createdAt: stored && isoInstant(stored.createdAt),
    changedAt: stored && isoInstant(stored.changedAt),
  };
}

/**
 * The body of POST: the keys of an entry of `connectors` in the configuration file. The file's rules check them, so that problems
 * read the same; the reference shows their schema.
 */
export const connectorBody = settings.meta({ id: "ConnectorSettings" });

/** The body of PUT; the id is that of the path. */
export const connectorReplacement = settings.clone().meta({ id: "ConnectorReplacement" });

/** The JSON schemas of the bodies above, by their input names in the OpenAPI document. */
export function bodySchemas(): Record<string, object> {
  const { properties, required = [], ...rest } = withNulls(connectorJsonSchema());
  const shown = {
    ...rest,
    properties,
    description: "the keys of an entry of `connectors` in the configuration file; see docs/configuration.md",
    examples: [{ id: "personal", context_id: "CTX123", schedule: { type: "interval", interval_hours: 1 } }],
  };
  return {
    ConnectorSettingsInput: { ...shown, required },
    ConnectorReplacementInput: { ...shown, required: required.filter((key) => key !== "id") },
  };
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema with null for every key that may be left out: as in a file, a key without a value is one that is not there. */
function withNulls(schema: JsonSchema): JsonSchema {
  const { properties = {}, required = [], anyOf, oneOf, items } = schema;
  const shown = Object.entries(properties).map(([key, value]) => {
    const inner = withinSchema(value);
    return [key, required.includes(key) ? inner : { anyOf: [inner, { type: "null" as const }] }];
  });
  return {
    ...schema,
    ...(schema.properties && { properties: Object.fromEntries(shown) }),
    ...(anyOf && { anyOf: anyOf.map(withinSchema) }),
    ...(oneOf && { oneOf: oneOf.map(withinSchema) }),
    ...(isSchema(items) && { items: withNulls(items) }),
  };
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && !Array.isArray(value);

function withinSchema<Schema extends JsonSchema | boolean>(value: Schema): JsonSchema | Schema {
  return isSchema(value) ? withNulls(value) : value;
}
