import * as z from "zod";
import { shownConfig } from "../../config/config.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import type { ReadConfig } from "../../config/read-config.ts";
import { operation } from "../operation.ts";

const finding = z.strictObject({
  path: z.string(),
  line: z.int().nullable(),
  origin: z.string().nullable(),
  value: z.string().nullable(),
  reason: z.string(),
  hint: z.string().nullable(),
});

export const configurationSchema = z.strictObject({
  source: z.string().nullable().describe("the file; null where there is none"),
  warnings: z.array(finding),
  config: z.record(z.string(), z.unknown()).describe("every setting with its value, defaults too"),
});

export const showConfiguration = operation({
  name: "configuration.show",
  tag: "Service",
  summary: "Show the configuration in force, secrets masked",
  access: "admin",
  input: z.strictObject({}),
  output: configurationSchema,
  errors: [],
  run: async ({ services }) => configurationJson(services.configuration),
});

export function configurationJson(read: ReadConfig): z.input<typeof configurationSchema> {
  const { config, source, warnings } = read;
  return {
    source,
    warnings: [...warnings],
    config: maskSecrets(shownConfig(config)) as Record<string, unknown>,
  };
}
