import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { shellWord } from "../../kernel/util/terminal-text.ts";
import type { LightRagClient, SinkInfo } from "../../sinks/lightrag/light-rag-client.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { documentRef } from "../render-document.ts";
import type { RunReport } from "../report/run-report.ts";
import { rowError } from "../retry-policy.ts";
import type { SyncSettings } from "../sync-settings.ts";

export interface LostDocumentsParts {
  readonly state: Pick<StateManager, "countRows" | "pageRows" | "getSyncState">;
  readonly sink: Pick<LightRagClient, "find">;
  readonly info: Pick<SinkInfo, "documents" | "location" | "workspace">;
  readonly report: Pick<RunReport, "hasLostDocuments" | "addError">;
  readonly settings: Pick<SyncSettings, "connectorId" | "contextIds">;
}

/** Delivered memories that are looked up: so many of the newest and of the oldest. */
const sampled = 10;

/**
 * Reports a LightRAG that has lost documents: one that was emptied, reinstalled or restored from an older copy, or a different one.
 * LightRAG's information at connect is compared with the ledger; if it has fewer documents, or another address or workspace than
 * before, the newest and the oldest memories are looked up before anything is reported. Nothing is sent again because of that: the
 * configured server may be the wrong one.
 */
export async function reportLostDocuments(parts: LostDocumentsParts, signal: AbortSignal): Promise<void> {
  const { info, state, settings, sink, report } = parts;
  const { processed } = await state.countRows(settings.connectorId);
  const isShort = info.documents !== undefined && info.documents < processed;
  if (processed === 0 || !(isShort || (await isAnother(parts)))) return;
  const rows = await newestAndOldest(parts);
  const records = await sink.find(rows.map(documentRef), signal);
  const gone = records.filter((record) => record === undefined).length;
  if (gone === 0) return;
  report.hasLostDocuments = true;
  const held = info.documents === undefined ? "" : ` holds ${plural(info.documents, "document")}`;
  const message = `LightRAG at ${info.location}${held}, and ${plural(processed, "memory", "memories")} were proved delivered; ${gone} of ${rows.length} that were looked for are not there`;
  const hint = `see whether it is the right server and workspace; if it has lost them: \`memory-connector reconcile --repair --connector-id ${shellWord(settings.connectorId)}\` sends them again`;
  report.addError(rowError(new ConnectorError("SINK_DOCUMENTS_MISSING", message, { hint })));
}

/** Identifies a LightRAG. */
export function identityOf({ location, workspace }: Pick<SinkInfo, "location" | "workspace">): string {
  return workspace === null ? location : `${location} ${workspace}`.trim();
}

/** Whether the documents were delivered to another address or workspace, as far as recorded. */
async function isAnother({ state, settings, info }: LostDocumentsParts): Promise<boolean> {
  const { connectorId, contextIds } = settings;
  const states = contextIds.map((contextId) => state.getSyncState({ connectorId, contextId }));
  const known = (await Promise.all(states)).map((context) => context?.learnt?.sink);
  return known.some((sink) => sink !== undefined && sink !== identityOf(info));
}

async function newestAndOldest({
  state,
  settings: { connectorId },
}: LostDocumentsParts): Promise<LedgerRow[]> {
  const ends = (["newest", "oldest"] as const).map((order) =>
    state.pageRows({ connectorId, statuses: ["processed"], order }, { limit: sampled }),
  );
  const rows = (await Promise.all(ends)).flatMap((page) => page.rows);
  return [...new Map(rows.map((row) => [documentRef(row).documentId, row])).values()];
}
