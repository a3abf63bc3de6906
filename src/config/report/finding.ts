import { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** A problem of a configuration, or a warning about a valid one. */
export interface Finding {
  /** The setting in the file's notation, for example `connectors[0].schedule.cron`. */
  path: string;
  /** Line in the configuration file, from 1; null when the value comes from elsewhere or there is no file. */
  line: number | null;
  /** The variable, flag or secret file of the value; null for the file itself. */
  origin: string | null;
  /** The value to show, secrets masked; null when there is none or it would not help. */
  value: string | null;
  reason: string;
  hint: string | null;
}

/** `memory_api.timeout (line 8): must be at least 1, is -3 · what to do` */
export function findingText({ path, line, origin, value, reason, hint }: Finding): string {
  const place = origin === null ? line && `line ${line}` : `from ${origin}`;
  const subject = place ? `${path} (${place})` : path;
  const is = value === null ? "" : `, is ${value}`;
  return `${subject}: ${reason}${is}${hint === null ? "" : ` · ${hint}`}`;
}

/** Limit of reported problems; more mean that it is the wrong file. */
export const maxFindings = 100;

/** An invalid configuration with all its problems, or the first hundred. */
export class ConfigInvalidError extends ConnectorError {
  readonly problems: readonly Finding[];
  /** Total number of problems, reported or not. */
  readonly total: number;

  /** `name` is the file's, or describes another origin of the settings. */
  constructor(name: string, problems: readonly Finding[], total = problems.length) {
    const number = total === 1 ? "1 problem" : `${total} problems`;
    const shown = total > problems.length ? `; these are ${problems.length} of them` : "";
    super("CONFIG_INVALID", `${name} has ${number}${shown}`, { subject: name });
    this.problems = problems;
    this.total = total;
  }

  override format(): string {
    const more = this.total - this.problems.length;
    return [
      super.format(),
      ...this.problems.map((problem) => `  ${findingText(problem)}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ].join("\n");
  }
}
