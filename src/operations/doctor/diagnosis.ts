import * as z from "zod";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";

export const levels = ["ok", "warning", "problem"] as const;

/** The result of one check. */
export interface Diagnosis {
  /** The subject of the check: one or two words. */
  area: string;
  /** `warning`: it works, but needs attention. `problem`: it does not work. */
  level: (typeof levels)[number];
  message: string;
  /** Code of the error, if any. */
  code: string | null;
  /** What to do; null when nothing is wrong. */
  fix: string | null;
}

export const diagnosisSchema = z.strictObject({
  area: z.string(),
  level: z.enum(levels),
  message: z.string(),
  code: z.string().nullable(),
  fix: z.string().nullable(),
});

export function fine(area: string, message: string): Diagnosis {
  return { area, level: "ok", message, code: null, fix: null };
}

export function warning(area: string, message: string, fix: string): Diagnosis {
  return { area, level: "warning", message, code: null, fix };
}

export function problem(area: string, message: string, fix: string): Diagnosis {
  return { area, level: "problem", message, code: null, fix };
}

/** From any thrown value. */
export function failure(area: string, thrown: unknown): Diagnosis {
  const { message, hint, code } = toConnectorError(thrown);
  return { area, level: "problem", message, code, fix: hint };
}
