import { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** Something to say about a configuration: a problem, or with a valid one a warning. */
export interface Finding {
  /** The setting as the file spells it, for example `connectors[0].schedule.cron`. */
  path: string;
  /** In the configuration file, from 1; null when the value comes from elsewhere or there is no file. */
  line: number | null;
  /** The variable, flag or secret's file that the value came from; null for the file itself. */
  origin: string | null;
  /** The value as it may be shown, secrets masked; null when there is none or it would say nothing. */
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

/** So many problems are told; who has more has the wrong file. */
export const maxFindings = 100;

/** A configuration that cannot be used, with what is wrong with it: everything, or the first hundred problems. */
export class ConfigInvalidError extends ConnectorError {
  readonly problems: readonly Finding[];
  /** How many there are, told or not. */
  readonly total: number;

  /** `name` is the file's, or says where else the settings came from. */
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
