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
 * Warns of a run that brought documents and no entity at all: LightRAG calls a document processed whose answers it could not read.
 * Records tell in direct mode; a server is asked whether it holds any entity. One that holds some from before says nothing of this run.
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
