import type { Argument, Option } from "commander";
import type { z } from "zod";
import type { OperationDescription } from "../operations/operation.ts";
import type { CliIo } from "./cli-io.ts";
import type { ExitCode } from "./exit-codes.ts";

/**
 * The result of a command. The command itself prints only progress and notices, to stderr, and results that are useful immediately.
 */
export interface CommandResult {
  /** The whole of stdout with `--json`; has the shape of the command's `json` schema. */
  json: unknown;
  /** The whole of stdout otherwise. */
  text: string;
  /** `text` is a document, not something to read: it is printed as it is, whatever the width. */
  isDocument?: true;
  /** Printed on stderr in addition to `text`, so that a script that reads stdout does not see it. */
  notice?: string;
  exitCode?: ExitCode;
}

/** Where a command runs. */
export interface CommandContext {
  io: CliIo;
  /** True when the answer will be printed as JSON: no progress and no questions. */
  asJson: boolean;
}

/** One command. The command line, its help and docs/cli.md are all made from this. */
export interface CommandSpec {
  name: string;
  /** One line, in the imperative. */
  summary: string;
  /** What a user needs beyond the summary: effects, order, what is safe. */
  details?: string;
  arguments?: readonly Argument[];
  options: readonly Option[];
  /** It requires a connector; see `connectorArgument`. */
  needsConnector?: true;
  /** Command lines as a user would type them, after `memory-connector`. */
  examples: readonly string[];
  /** The contract of `--json`; absent for a command that only groups others. */
  json?: z.ZodType;
  /** The operations that it binds; absent for commands without an operation. */
  operations?: readonly OperationDescription[];
  children?: readonly CommandSpec[];
  run?: (input: CommandInput, context: CommandContext) => Promise<CommandResult>;
}

/** Options by their long name in camelCase, as commander gives them, and positional arguments in order. */
export interface CommandInput {
  options: Readonly<Record<string, unknown>>;
  arguments: readonly string[];
}
