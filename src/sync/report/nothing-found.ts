import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { rowError } from "../retry-policy.ts";
import type { RunContext } from "../run-context.ts";

/**
 * Warns of a run that brought documents and no entity at all: LightRAG calls a document processed whose answers it could not read.
 * Records tell in direct mode; a server is asked whether it holds any entity. One that holds some from before says nothing of this run.
 */
export async function warnOfNothingFound(run: RunContext): Promise<void> {
  const { counts } = run.report;
  if (counts.processed === 0 || !(await foundNothing(run))) return;
  const documents = plural(counts.processed, "document");
  const message = `${documents} were delivered, and LightRAG's model found no entity in any of them`;
  run.report.addError(rowError(new ConnectorError("RUN_FOUND_NOTHING", message)));
}

async function foundNothing({ report, sink, signal }: RunContext): Promise<boolean> {
  if (report.told.documents > 0) return !report.told.foundSome;
  return (await sink.holdsEntities?.(signal)) === false;
}
