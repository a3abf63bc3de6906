import * as z from "zod";
import { facts, showFacts } from "../../kernel/settings/facts.ts";
import { connectorSettings } from "./connectors.ts";

/** The keys of a connector in their proper spelling, as JSON Schema 2020-12. Not all rules over several keys can be said in it. */
export function connectorJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(connectorSettings, {
    io: "input",
    unrepresentable: "any",
    metadata: facts,
    override: ({ zodSchema, jsonSchema }) => showFacts(zodSchema, jsonSchema),
  });
  return { ...schema, anyOf: [{ required: ["context_id"] }, { required: ["context_ids"] }] };
}
