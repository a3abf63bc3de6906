import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { rowError } from "../retry-policy.ts";
import type { RunContext } from "../run-context.ts";
import type { Reading } from "./reading.ts";

/** A person has named memories; those that no context shows are an error, or a typing mistake would look like a success. */
export function notFound(run: RunContext, readings: readonly Pick<Reading, "shown">[]): void {
  const { ids } = run.options.filter;
  if (ids === undefined) return;
  const missing = [...ids].filter((id) => !readings.some(({ shown }) => shown.has(id)));
  const contexts = run.settings.contextIds.map((id) => `"${id}"`).join(", ");
  for (const id of missing) {
    const message = `the source shows no memory "${id}" in ${contexts}`;
    run.report.addError(rowError(new ConnectorError("MEMORY_NOT_FOUND", message)), id);
  }
  run.report.notFound = new Set(missing);
}
