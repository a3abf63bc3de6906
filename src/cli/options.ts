import { InvalidArgumentError, Option } from "commander";
import type * as z from "zod";
import { reasonOf } from "../config/validate.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { headerSecret, path } from "../kernel/settings/types.ts";
import { isDay } from "../kernel/util/calendar.ts";
import { noteField } from "../operations/fields.ts";

export const defaultConfigFile = "config.yaml";

export function configOption(): Option {
  return fileOption("the configuration");
}

/** `--config`, as `description` says. */
export function fileOption(description: string): Option {
  const hint = "name a file, or leave --config out: it is config.yaml then";
  return settingOption("-c, --config <file>", description, path(), hint).default(defaultConfigFile);
}

export function connectorOption(description: string): Option {
  return new Option("--connector-id <id>", description);
}

/** A parser for whole numbers within bounds. */
export function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < min || number > max) {
      throw new InvalidArgumentError(`It has to be a whole number from ${min} to ${max}.`);
    }
    return number;
  };
}

/** A parser for archive and state files: they are written next to their destination or read twice, which a pipe does not allow. */
export function filePath(value: string): string {
  if (value === "") throw new InvalidArgumentError("It has to name a file.");
  if (value !== "-") return value;
  throw new InvalidArgumentError("It has to be a file, not a pipe. A file of that name is written ./-");
}

/** A parser for distances. */
export function kilometres(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && number > 0 && number <= 20_100) return number;
  throw new InvalidArgumentError("It has to be a number of kilometres above 0, such as 5 or 0.5.");
}

/** A parser for moments as operations take them: a date, which is a whole day, or RFC 3339, in UTC where it names no zone. */
export function moment(value: string): string {
  const shape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/u;
  const zoned = /T.*(Z|[+-]\d{2}:\d{2})$/u.test(value) || !value.includes("T") ? value : `${value}Z`;
  const time = shape.test(value) && isDay(value.slice(0, 10)) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError(
      "It has to be a date such as 2025-01-31 or a time such as 2025-01-31T18:00:00Z.",
    );
  return value.includes("T") ? new Date(time).toISOString() : value;
}

/** A parser for what a person says about a change, in one line. */
export function note(value: string): string {
  const read = noteField.safeParse(value);
  if (read.success) return read.data;
  throw new InvalidArgumentError(`It ${read.error.issues[0]?.message}.`);
}

/** Collects an option that may be given several times, or once separated by commas. */
export function list(value: string, previous: readonly string[] = []): readonly string[] {
  const items = value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  if (items.length === 0) throw new InvalidArgumentError("It has to name at least one, such as a,b.");
  return [...previous, ...items];
}

/** An option for a value that is also a setting, with the same rules. A refused value is not shown: it may be a secret. */
export function settingOption(
  flags: string,
  description: string,
  type: z.ZodType<string>,
  hint: string,
): Option {
  const option = new Option(flags, description);
  return option.argParser((value: string) => {
    const read = type.safeParse(value, { error: reasonOf });
    if (read.success) return read.data;
    const message = `${option.long} ${read.error.issues[0]?.message}`;
    throw new ConnectorError("USAGE", message, { subject: option.long ?? flags, hint });
  });
}

/** An option for a key. An empty text, which a script gives whose variable is not set, is none to whoever reads the option. */
export function keyOption(flags: string, description: string, hint: string): Option {
  const option = settingOption(flags, description, headerSecret(), hint);
  const { parseArg } = option;
  return option.argParser((value: string, previous: string) =>
    value === "" ? value : (parseArg?.(value, previous) ?? value),
  );
}
