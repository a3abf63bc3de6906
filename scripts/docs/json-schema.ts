import * as z from "zod";
import { settingsSchema } from "../../src/config/schema/settings.ts";
import { metadata, stripMetadata } from "../../src/kernel/settings/metadata.ts";

type JsonSchema = Record<string, unknown> & {
  properties?: Record<string, JsonSchema>;
};

/** What a variable or a secret's file may stand for. */
const reference = { type: "string", pattern: "\\$\\{.+\\}" };

/** The JSON schema by which editors complete and check a configuration file. */
export function renderJsonSchema(): string {
  const schema = z.toJSONSchema(settingsSchema, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
    metadata: metadata,
    override: ({ zodSchema, jsonSchema }) => complete(zodSchema, jsonSchema as JsonSchema),
  });
  const { $schema, ...rest } = schema;
  const document = { $schema, title: "Configuration of memory-connector", ...rest };
  // Deep, and in every package: of two spaces a step, every third byte would be one.
  return `${JSON.stringify(document, null, 1)}\n`;
}

function complete(zodSchema: z.core.$ZodType, jsonSchema: JsonSchema): void {
  stripMetadata(zodSchema, jsonSchema);
  addSynonyms(zodSchema, jsonSchema);
  if (jsonSchema.properties !== undefined) allowEmpty(jsonSchema);
  if (isMoreThanText(jsonSchema)) allowReference(jsonSchema);
  if (metadata.get(zodSchema)?.shorthand !== undefined) allowShorthand(jsonSchema);
  if (metadata.get(zodSchema)?.secret === true) allowNothing(jsonSchema);
}

function addSynonyms(zodSchema: z.core.$ZodType, { properties }: JsonSchema): void {
  if (!(zodSchema instanceof z.ZodObject) || properties === undefined) return;
  for (const [key, setting] of Object.entries<z.ZodType>(zodSchema.shape)) {
    const { synonyms = [] } = metadata.get(setting) ?? {};
    for (const synonym of synonyms) {
      properties[synonym] = { ...properties[key], description: `Another name of ${key}.`, deprecated: true };
    }
  }
}

/** `schedule:` with nothing beneath it counts as not written. */
function allowEmpty(jsonSchema: JsonSchema): void {
  jsonSchema.type = ["object", "null"];
}

function isMoreThanText({ type, ...constraints }: JsonSchema): boolean {
  const constrained = ["enum", "pattern", "format"].some((keyword) => constraints[keyword] !== undefined);
  return type === "number" || type === "integer" || type === "boolean" || constrained;
}

function allowReference(jsonSchema: JsonSchema): void {
  const { description, default: standard, examples, ...type } = jsonSchema;
  for (const key of Object.keys(type)) delete jsonSchema[key];
  jsonSchema.anyOf = [type, reference];
}

function allowShorthand(jsonSchema: JsonSchema): void {
  const { description, ...block } = jsonSchema;
  for (const key of Object.keys(block)) delete jsonSchema[key];
  jsonSchema.anyOf = [{ type: "string" }, block];
}

/** A secret that is set to nothing counts as not set. */
function allowNothing(jsonSchema: JsonSchema): void {
  delete jsonSchema.minLength;
  if (Array.isArray(jsonSchema.anyOf)) jsonSchema.anyOf.push({ const: "" });
}
