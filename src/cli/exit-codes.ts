import type { RunOutcome } from "../domain/run-record.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";

/** The exit codes of the process. Public and documented in docs/cli.md; scripts branch on them. */
export const exitCodes = {
  ok: 0,
  runFailed: 1,
  badInput: 2,
  partial: 3,
  cancelled: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byOutcome: Readonly<Record<RunOutcome, ExitCode>> = {
  running: exitCodes.runFailed,
  success: exitCodes.ok,
  partial: exitCodes.partial,
  failed: exitCodes.runFailed,
  cancelled: exitCodes.cancelled,
  interrupted: exitCodes.runFailed,
};

/** The worst of several runs. */
export const exitCodeOfRuns = (outcomes: readonly RunOutcome[]): ExitCode =>
  worstExitCode(outcomes.map((outcome) => byOutcome[outcome]));

/** Cancelled, failed, bad input, partial, success. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  const worstFirst = [exitCodes.cancelled, exitCodes.runFailed, exitCodes.badInput, exitCodes.partial];
  return worstFirst.find((code) => codes.includes(code)) ?? exitCodes.ok;
}

export function exitCodeOfError(error: ConnectorError): ExitCode {
  if (error.code === "CANCELLED") return exitCodes.cancelled;
  return error.reaction === "fix-input" ? exitCodes.badInput : exitCodes.runFailed;
}
