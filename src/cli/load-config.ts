import { dirname, isAbsolute } from "node:path";
import { Option } from "commander";
import { type ConnectionFlags, connectionOverrides } from "../config/connection-flags.ts";
import { type ConfigSource, type ReadConfig, readConfig } from "../config/read-config.ts";
import { findingText } from "../config/report/finding.ts";
import type { CommandContext, CommandInput } from "./command.ts";

/** Flags that replace a configuration: with --context-id no file is needed. */
export function configlessOptions(): Option[] {
  return [
    new Option("--api-url <url>", "the Memory API, instead of a configuration"),
    new Option("--api-key <key>", "its key (or MEMORY_API_KEY)"),
    new Option("--context-id <id>", "its context; with it no configuration file is read"),
    new Option("--lightrag-url <url>", "the LightRAG server"),
    new Option("--lightrag-api-key <key>", "its key (or LIGHTRAG_API_KEY)"),
    new Option("--lightrag-workspace <name>", "the workspace that the LightRAG server must report"),
    new Option("--state <file>", "the state file"),
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
