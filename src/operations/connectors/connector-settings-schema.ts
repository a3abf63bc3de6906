import * as z from "zod";
import { connectorJsonSchema } from "../../config/schema/connectors.ts";
import { operation } from "../operation.ts";

export const connectorSettingsSchema = operation({
  name: "connector.schema",
  tag: "Service",
  summary: "Give the JSON Schema of a connector's settings, for forms",
  access: "viewer",
  input: z.strictObject({}),
  output: z.strictObject({ schema: z.record(z.string(), z.unknown()) }),
  errors: [],
  run: async () => ({ schema: connectorJsonSchema() as Record<string, unknown> }),
});
