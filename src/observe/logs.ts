import type { Writable } from "node:stream";
import { type Logger, pino } from "pino";
import { currentSpan } from "../kernel/tracing/span.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { mapValues } from "../kernel/util/collections.ts";
import { LogFile } from "./log-file.ts";
import { type ComponentLevels, type LogLevel, type LogSettings, levelNames } from "./log-settings.ts";
import { toText } from "./log-text.ts";
import type { SecretMask } from "./secret-mask.ts";

export type { Logger } from "pino";

export interface LogsOptions {
  settings: LogSettings;
  /** Where console logs go; standard error, because standard output is for results. */
  console: Writable;
  clock: Clock;
  mask: SecretMask;
}

/** `component` of a line, by the key of its level. */
const componentNames: Readonly<Record<keyof ComponentLevels, string>> = {
  scheduler: "scheduler",
  apiClient: "api_client",
  orchestrator: "orchestrator",
  stateManager: "state_manager",
};

/** Fields with content or keys, removed should one ever be logged by mistake. */
const wordsAndKeys = ["transcript", "payload", "text", "api_key", "apiKey", "password", "headers"];

/** Limit of unread console output; more means that it is not being read. Bytes. */
const maxWaitingBytes = 8 * 1024 * 1024;

type Sink = (jsonLine: string) => void;

/**
 * The log: one JSON object a line, or text, to the console and to a file. Failures of either never reach the caller. Secrets are
 * masked in the finished line, in any field.
 */
export class Logs {
  /** The logger of everything outside the components: the service itself, its API, its configuration. */
  readonly service: Logger;
  readonly #components: Readonly<Record<keyof ComponentLevels, Logger>>;
  readonly #options: LogsOptions;
  readonly #file: LogFile | null;
  readonly #ignoreConsoleError = () => undefined;

  constructor(options: LogsOptions) {
    const { settings, console, clock, mask } = options;
    this.#options = options;
    this.#file = this.#openFile();
    const sinks = this.#sinks();
    this.service = pino(
      {
        level: settings.level,
        base: null,
        timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
        mixin: spanIds,
        formatters: { level: (label) => ({ level: levelNames[label as LogLevel] }) },
        hooks: { streamWrite: mask.mask },
        redact: { paths: wordsAndKeys.flatMap((name) => [name, `*.${name}`]), censor: "***" },
      },
      { write: (line) => writeAll(sinks, line) },
    );
    this.#components = mapValues(componentNames, (component, key) =>
      this.service.child({ component }, { level: settings.components[key] }),
    );
    // A closed console (a broken pipe) must not end the process.
    console.on("error", this.#ignoreConsoleError);
  }

  of(component: keyof ComponentLevels): Logger {
    return this.#components[component];
  }

  /** Number of lines that could not be written to the file. */
  get droppedLines(): number {
    return this.#file?.droppedLines ?? 0;
  }

  /** Other settings take effect after a restart. */
  setLevels({ level, components }: Pick<LogSettings, "level" | "components">): void {
    this.service.level = level;
    for (const key of Object.keys(components) as (keyof ComponentLevels)[]) {
      this.#components[key].level = components[key];
    }
  }

  /** Reopens the file, after another program has moved it away. */
  reopen(): void {
    this.#file?.reopen();
  }

  /** Flushes the file. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#options.console.off("error", this.#ignoreConsoleError);
  }

  #openFile(): LogFile | null {
    const { settings, clock } = this.#options;
    if (settings.file === null) return null;
    const onTrouble = (message: string) => this.#reportTrouble(message);
    return new LogFile({ settings: settings.file, clock, onTrouble });
  }

  /** A message about an unwritable file must also reach the console. */
  #reportTrouble(message: string): void {
    const { settings, console } = this.#options;
    this.service.error(message);
    if (!settings.console.enabled) writeIfRead(console, `${message}\n`);
  }

  #sinks(): Sink[] {
    const { settings, console } = this.#options;
    const { format, console: onConsole } = settings;
    const shown = (line: string, as: typeof format, colorize: boolean) =>
      as === "text" ? toText(line, colorize) : line;
    const file = this.#file;
    return [
      ...(onConsole.enabled
        ? [
            (line: string) =>
              writeIfRead(console, shown(line, onConsole.format ?? format, onConsole.colorize)),
          ]
        : []),
      ...(file === null ? [] : [(line: string) => file.write(shown(line, format, false))]),
    ];
  }
}

/** Of the span that a line is written in, under the names that OpenTelemetry has for logs in other formats. */
function spanIds(): { trace_id?: string; span_id?: string } {
  const span = currentSpan();
  return span === null ? {} : { trace_id: span.traceId, span_id: span.spanId };
}

/** Drops output when the console is not being read, so that it does not fill the memory. */
function writeIfRead(console: Writable, text: string): void {
  if (console.writableLength <= maxWaitingBytes) console.write(text);
}

function writeAll(sinks: readonly Sink[], line: string): void {
  for (const sink of sinks) sink(line);
}
