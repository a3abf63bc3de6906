import * as z from "zod";
import { metadata, stripMetadata } from "../../kernel/settings/metadata.ts";
import { connectorSettings } from "./connectors.ts";

/** The keys of a connector in their proper spelling, as JSON Schema 2020-12. Not all rules over several keys can be said in it. */
export function connectorJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(connectorSettings, {
    io: "input",
    unrepresentable: "any",
    metadata: metadata,
    override: ({ zodSchema, jsonSchema }) => stripMetadata(zodSchema, jsonSchema),
  });
  return { ...schema, anyOf: [{ required: ["context_id"] }, { required: ["context_ids"] }] };
}
