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

const setting = z.strictObject({
  path: z.string(),
  value: z.string().describe("in the file's notation; `***` for a secret"),
  isDefault: z.boolean().describe("nobody has set it"),
  line: z.int().nullable().describe("where the file sets it; null where something else does"),
  origin: z.string().nullable().describe("the variable, flag or secret file that it comes from"),
});

export const configurationSchema = z.strictObject({
  source: z.string().nullable().describe("the file; null where there is none"),
  warnings: z.array(finding),
  config: z.record(z.string(), z.unknown()).describe("every setting with its value, defaults too"),
  settings: z.array(setting).describe("the same as the file spells it, with where each value comes from"),
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
    settings: [...read.settings()],
    config: maskSecrets(shownConfig(config)) as Record<string, unknown>,
  };
}
