import { Option } from "commander";

export const defaultConfigFile = "config.yaml";

export function configOption(): Option {
  return new Option("-c, --config <file>", "the configuration").default(defaultConfigFile);
}

export function connectorOption(description: string): Option {
  return new Option("--connector-id <id>", description);
}
