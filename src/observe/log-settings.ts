export type LogLevel = "debug" | "info" | "warn" | "error" | "fatal";

export interface LogFileSettings {
  readonly path: string;
  /** With rotation `size`: a file of this size becomes `path.1`, the previous one `path.2`. */
  readonly maxBytes: number;
  /** Number of old files to keep. 0 with rotation `size`: the file is never rotated; with `time`: all are kept. */
  readonly backupCount: number;
  /** `time`: every midnight the file becomes `path.YYYY-MM-DD`. */
  readonly rotation: "size" | "time";
}

/** The components with a level of their own; keys of `logging.components`. */
export interface ComponentLevels {
  readonly scheduler: LogLevel;
  readonly apiClient: LogLevel;
  readonly orchestrator: LogLevel;
  readonly stateManager: LogLevel;
}

/** The block `logging` of the configuration. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: "json" | "text";
  readonly file: LogFileSettings | null;
  readonly console: {
    readonly enabled: boolean;
    readonly colorize: boolean;
    /** Default: the file's. */
    readonly format?: "json" | "text";
  };
  readonly components: ComponentLevels;
}

/** Level names in configuration and output. */
export const levelNames: Readonly<Record<LogLevel, string>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  fatal: "CRITICAL",
};
