import { toConnectorError } from "../../kernel/errors/connector-error.ts";

export const levels = ["ok", "warning", "problem"] as const;

/** What one look found. */
export interface Diagnosis {
  /** What was looked at: one or two words. */
  area: string;
  /** `warning`: it works, and will not or should not stay so. `problem`: it does not work. */
  level: (typeof levels)[number];
  message: string;
  /** Of the error, where there is one. */
  code: string | null;
  /** What to do; null when all is well. */
  fix: string | null;
}

export function fine(area: string, message: string): Diagnosis {
  return { area, level: "ok", message, code: null, fix: null };
}

export function warning(area: string, message: string, fix: string): Diagnosis {
  return { area, level: "warning", message, code: null, fix };
}

export function problem(area: string, message: string, fix: string): Diagnosis {
  return { area, level: "problem", message, code: null, fix };
}

/** Of whatever was thrown. */
export function failure(area: string, thrown: unknown): Diagnosis {
  const { message, hint, code } = toConnectorError(thrown);
  return { area, level: "problem", message, code, fix: hint };
}
