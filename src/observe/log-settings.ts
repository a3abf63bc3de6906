export type LogLevel = "debug" | "info" | "warn" | "error" | "fatal";

export interface LogFileSettings {
  readonly path: string;
  /** With rotation `size`: a file that has grown to this becomes `path.1`, the one before `path.2`. */
  readonly maxBytes: number;
  /** Old files that are kept. 0 with rotation `size`: the file is never rotated; with `time`: all are kept. */
  readonly backupCount: number;
  /** `time`: every midnight the file becomes `path.YYYY-MM-DD`. */
  readonly rotation: "size" | "time";
}

/** The parts whose level can be set alone; keys of `logging.components`. */
export interface ComponentLevels {
  readonly scheduler: LogLevel;
  readonly apiClient: LogLevel;
  readonly orchestrator: LogLevel;
  readonly stateManager: LogLevel;
}

/** The shape that the configuration gives to `logging`. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: "json" | "text";
  readonly file: LogFileSettings | null;
  readonly console: {
    readonly enabled: boolean;
    readonly colorize: boolean;
    /** Where it differs from the file's. */
    readonly format?: "json" | "text";
  };
  readonly components: ComponentLevels;
}

/** Levels as people configure and read them. */
export const levelNames: Readonly<Record<LogLevel, string>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  fatal: "CRITICAL",
};
