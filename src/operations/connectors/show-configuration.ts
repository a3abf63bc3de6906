import * as z from "zod";
import { shownConfig } from "../../config/config.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import { connectorJsonSchema } from "../../config/schema/connectors.ts";
import { operation } from "../operation.ts";

export const showConfiguration = operation({
  name: "configuration.show",
  tag: "Service",
  summary: "Show the configuration in force, secrets masked",
  access: "admin",
  input: z.strictObject({}),
  output: z.strictObject({
    source: z.string().nullable().describe("the file; null where there is none"),
    warnings: z.array(
      z.strictObject({
        path: z.string(),
        line: z.int().nullable(),
        origin: z.string().nullable(),
        value: z.string().nullable(),
        reason: z.string(),
        hint: z.string().nullable(),
      }),
    ),
    config: z.record(z.string(), z.unknown()).describe("every setting with its value, defaults too"),
  }),
  errors: [],
  run: async ({ services }) => {
    const { config, source, warnings } = services.configuration;
    return {
      source,
      warnings: [...warnings],
      config: maskSecrets(shownConfig(config)) as Record<string, unknown>,
    };
  },
});

export const connectorForm = operation({
  name: "connector.schema",
  tag: "Service",
  summary: "Give the JSON Schema of a connector's settings, for forms",
  access: "viewer",
  input: z.strictObject({}),
  output: z.strictObject({ schema: z.record(z.string(), z.unknown()) }),
  errors: [],
  run: async () => ({ schema: connectorJsonSchema() as Record<string, unknown> }),
});
