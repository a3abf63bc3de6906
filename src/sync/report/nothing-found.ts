import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { LightRagClient } from "../../sinks/lightrag/light-rag-client.ts";
import { rowError } from "../retry-policy.ts";
import type { RunReport } from "./run-report.ts";

interface FoundParts {
  readonly sink: Pick<LightRagClient, "holdsEntities">;
  readonly report: Pick<RunReport, "counts" | "entityRecords" | "addError">;
}

/**
 * Warns about a run that delivered documents without any entity: LightRAG marks a document as processed even if it could not read
 * the model's answers. In direct mode records have the number; a server is asked whether it holds any entity. Entities from before
 * prove nothing about this run.
 */
export async function warnOfNothingFound(parts: FoundParts, signal: AbortSignal): Promise<void> {
  const { counts } = parts.report;
  if (counts.processed === 0 || !(await foundNothing(parts, signal))) return;
  const documents = plural(counts.processed, "document");
  const message = `${documents} were delivered, and LightRAG's model found no entity in any of them`;
  parts.report.addError(rowError(new ConnectorError("RUN_FOUND_NOTHING", message)));
}

async function foundNothing({ report, sink }: FoundParts, signal: AbortSignal): Promise<boolean> {
  if (report.entityRecords.documents > 0) return !report.entityRecords.foundSome;
  return (await sink.holdsEntities?.(signal)) === false;
}
