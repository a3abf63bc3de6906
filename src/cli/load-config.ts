import { dirname, isAbsolute } from "node:path";
import { Option } from "commander";
import { type ConnectionFlags, connectionOverrides } from "../config/connection-flags.ts";
import { type ConfigSource, type ReadConfig, readConfig } from "../config/read-config.ts";
import { findingText } from "../config/report/finding.ts";
import { httpUrl, path, text } from "../kernel/settings/types.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { keyOption, settingOption } from "./options.ts";

/** Flags that replace a configuration: with --context-id no file is needed. */
export function configlessOptions(): Option[] {
  return [
    ...connectionOptions({
      apiUrl: "the Memory API, instead of a configuration",
      apiKey: "its key (or MEMORY_API_KEY)",
      contextId: "its context; with it no configuration file is read",
      lightragUrl: "the LightRAG server",
      lightragApiKey: "its key (or LIGHTRAG_API_KEY)",
    }),
    new Option("--lightrag-workspace <name>", "the workspace that the LightRAG server must report"),
    settingOption("--state <file>", "the state file", path(), "name a file such as ./memories.db"),
  ];
}

/** Options that say where both ends are, under the rules of the settings that they stand for. */
export function connectionOptions(
  describe: Record<"apiUrl" | "apiKey" | "contextId" | "lightragUrl" | "lightragApiKey", string>,
): Option[] {
  const key = "give the key, or leave the option out if the server wants none";
  return [
    settingOption("--api-url <url>", describe.apiUrl, httpUrl(), "one is like http://127.0.0.1:8080"),
    keyOption("--api-key <key>", describe.apiKey, key),
    settingOption(
      "--context-id <id>",
      describe.contextId,
      text(),
      "name the context whose memories are read",
    ),
    settingOption(
      "--lightrag-url <url>",
      describe.lightragUrl,
      httpUrl(),
      "one is like http://127.0.0.1:9621",
    ),
    keyOption("--lightrag-api-key <key>", describe.lightragApiKey, key),
  ];
}

/** The current configuration; its warnings are printed to stderr. Throws `CONFIG_*`. */
export function loadConfig(input: CommandInput, context: CommandContext): ReadConfig {
  const read = readConfiguration(input, context);
  for (const warning of read.warnings) context.io.writeErr(`warning: ${findingText(warning)}\n`);
  return read;
}

/** Reads the file that --config names, or none when the flags alone make a configuration. */
export function readConfiguration(input: CommandInput, context: CommandContext): ReadConfig {
  return readConfig(configSource(input, context));
}

/** The source of a command's configuration: the one place where flags become settings. */
export function configSource({ options }: CommandInput, { io }: CommandContext): ConfigSource {
  const flags = {
    ...(options as ConnectionFlags),
    workspace: options.lightragWorkspace as string | undefined,
  };
  const path = flags.contextId === undefined ? String(options.config) : null;
  return {
    path,
    overrides: connectionOverrides(flags),
    environment: io.env,
    // An absolute path needs no working folder, which may have been deleted.
    workingFolder: path !== null && isAbsolute(path) ? dirname(path) : io.cwd,
  };
}
