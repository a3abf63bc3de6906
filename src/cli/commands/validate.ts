import * as z from "zod";
import { shownConfig } from "../../config/config.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import { findingText } from "../../config/report/finding.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { CommandSpec } from "../command.ts";
import { readConfiguration } from "../load-config.ts";
import { configOption } from "../options.ts";

const findingSchema = z.strictObject({
  path: z.string(),
  line: z.int().nullable(),
  origin: z.string().nullable(),
  value: z.string().nullable(),
  reason: z.string(),
  hint: z.string().nullable(),
});

export const validateCommand: CommandSpec = {
  name: "validate",
  summary: "Check the configuration and print every problem at once",
  details: "Contacts nobody. With --json it prints the configuration in force, secrets masked.",
  options: [configOption()],
  examples: ["validate", "validate --config /etc/memory-connector/config.yaml --json"],
  json: z.strictObject({
    valid: z.literal(true),
    source: z.string().nullable(),
    warnings: z.array(findingSchema),
    config: z.record(z.string(), z.unknown()),
  }),
  run: async (input, context) => {
    const { config, warnings, source } = readConfiguration(input, context);
    const connectors = plural(config.connectors.length, "connector");
    return {
      json: { valid: true, source, warnings, config: maskSecrets(shownConfig(config)) },
      text: [
        ...warnings.map((warning) => `warning: ${findingText(warning)}`),
        `${source} is valid: ${connectors}, ${plural(warnings.length, "warning")}.`,
      ].join("\n"),
    };
  },
};
