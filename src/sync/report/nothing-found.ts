import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { LightRagClient, SinkInfo } from "../../sinks/lightrag/light-rag-client.ts";
import { rowError } from "../retry-policy.ts";
import type { RunReport } from "./run-report.ts";

/** What the warning needs. */
export interface FoundParts {
  readonly sink: Pick<LightRagClient, "holdsEntities">;
  readonly info: Pick<SinkInfo, "hasBuiltinExtractor">;
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
  const { hasBuiltinExtractor = false } = parts.info;
  const delivered = plural(counts.processed, "document was delivered", "documents were delivered");
  const finder = hasBuiltinExtractor ? "the built-in model" : "LightRAG's model";
  const where = counts.processed === 1 ? "it" : "any of them";
  const error = new ConnectorError(
    "RUN_FOUND_NOTHING",
    `${delivered}, and ${finder} found no entity in ${where}`,
    hasBuiltinExtractor ? { hint: ofBuiltin } : {},
  );
  parts.report.addError(rowError(error));
}

/** No chat model is to blame where none was asked. */
const ofBuiltin =
  "nothing, if the text names no people, places or things; a chat model, named by `lightrag.direct.llm`, finds more than the built-in one in some texts";

async function foundNothing({ report, sink }: FoundParts, signal: AbortSignal): Promise<boolean> {
  if (report.entityRecords.documents > 0) return !report.entityRecords.foundSome;
  return (await sink.holdsEntities?.(signal)) === false;
}
