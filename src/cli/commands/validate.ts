import * as z from "zod";
import { findingText } from "../../config/report/finding.ts";
import { plural } from "../../kernel/util/readable.ts";
import { configurationJson, configurationSchema } from "../../operations/configuration/show-configuration.ts";
import type { CommandSpec } from "../command.ts";
import { readConfiguration } from "../load-config.ts";
import { configOption } from "../options.ts";

export const validateCommand: CommandSpec = {
  name: "validate",
  summary: "Check the configuration and print every problem at once",
  details: "Contacts nobody. With --json it prints the configuration in force, secrets masked.",
  options: [configOption()],
  examples: ["validate", "validate --config /etc/memory-connector/config.yaml --json"],
  json: z.strictObject({ valid: z.literal(true), ...configurationSchema.shape }),
  run: async (input, context) => {
    const read = readConfiguration(input, context);
    const { config, warnings, source } = read;
    const connectors = plural(config.connectors.length, "connector");
    return {
      json: { valid: true, ...configurationJson(read) },
      text: [
        ...warnings.map((warning) => `warning: ${findingText(warning)}`),
        `${source} is valid: ${connectors}, ${plural(warnings.length, "warning")}.`,
      ].join("\n"),
    };
  },
};
