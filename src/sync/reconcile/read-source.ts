import pMap from "p-map";
import type { MemoryEnricher } from "../../documents/enrich/memory-enricher.ts";
import { fileSourceOf } from "../../documents/file-source.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type { MemoryPage } from "../../sources/memory-source.ts";
import { nothingLearnt } from "../../state/state-manager.ts";
import { seenHash } from "../discover/assess.ts";
import { listPages, verifyAccount } from "../discover/list-pages.ts";
import { knownRows } from "../known-rows.ts";
import { keyOf } from "../memory-key.ts";
import { liesOutside } from "../query-range.ts";
import { renderDelivered } from "../render-document.ts";
import type { Check } from "./check.ts";
import { textNumber } from "./inventory.ts";

const chunkSize = 500;
/** Memories that are rendered concurrently. */
const writtenTogether = 16;

interface SourceReading {
  memories: number;
  /** Why the list of one of the contexts is not complete. */
  truncated: string | null;
}

/** Reads the whole source, and compares the documents that would be rendered with those in LightRAG. */
export async function readSource(check: Check): Promise<SourceReading> {
  const { source, settings, enrichment, state } = check.parts;
  const enrichers = { offline: enrichment.forPlan(), full: enrichment.forRun(() => undefined) };
  const showsAbsence = source.capabilities.deletes !== "none";
  const reading: SourceReading = {
    memories: 0,
    truncated: showsAbsence ? null : "what the source does not show may be there all the same",
  };
  for (const contextId of settings.contextIds) {
    const known = await state.getSyncState({ connectorId: settings.connectorId, contextId });
    await verifyAccount(source, contextId, known?.learnt ?? nothingLearnt, check.signal);
    const lore = known?.learnt?.lore ?? null;
    const request = { contextId, scope: { kind: "everything" }, limit: settings.queryLimit, lore } as const;
    for await (const page of listPages(source, request, check.signal)) {
      check.shown.get(contextId)?.add(page);
      reading.memories += page.memories.length;
      reading.truncated = page.truncated?.reason ?? reading.truncated;
      if (page.malformed.some(({ id }) => id === null)) reading.truncated ??= "it has items without an id";
      for (let start = 0; start < page.memories.length; start += chunkSize)
        await compare(check, enrichers, contextId, {
          ...page,
          memories: page.memories.slice(start, start + chunkSize),
        });
    }
  }
  return reading;
}

interface Enrichers {
  /** Calls no service. */
  offline: MemoryEnricher;
  /** As in a run. */
  full: MemoryEnricher;
}

async function compare(
  check: Check,
  enrichers: Enrichers,
  contextId: string,
  { memories, formerIds }: Pick<MemoryPage, "memories" | "formerIds">,
): Promise<void> {
  const { parts, signal } = check;
  const rows = await knownRows(
    parts,
    { connectorId: parts.settings.connectorId, contextId },
    memories.map(({ id }) => id),
    formerIds,
  );
  const compareOne = async (memory: Memory) => {
    const row = rows.get(memory.id);
    if (row === undefined || isUndelivered(row)) noteUndelivered(check, contextId, memory, row);
    else if (row.status === "processed") await compareDelivered(check, enrichers, memory, row);
  };
  await pMap(memories, compareOne, { concurrency: writtenTogether, signal });
}

/** An invalidated delivery that was not repaired, or a memory that has reappeared. */
function isUndelivered({ status }: LedgerRow): boolean {
  return status === "discovered" || status === "deleted";
}

/** Memories outside of the connector's range are not to be delivered, unless LightRAG already has them. */
function noteUndelivered(check: Check, contextId: string, memory: Memory, row?: LedgerRow): void {
  const { unclaimed, shortened, tally, forgotten } = check;
  const key = keyOf({ contextId, memoryId: memory.id });
  const isHeld = () => unclaimed.delete(key) || shortened.has(fileSourceOf(contextId, memory.id));
  if (row === undefined && isHeld()) {
    forgotten.add(key);
    tally.add("forgotten", memory.id);
  } else if (row === undefined && isOutside(check, memory)) check.outside += 1;
  else tally.add("unsent", memory.id);
}

function isOutside({ parts: { settings, clock } }: Check, { createdAt }: Memory): boolean {
  return liesOutside(settings.queryRange, Date.parse(createdAt), clock.now());
}

/** If only the source or the template has changed, LightRAG is not at fault: the next run sends the document. */
async function compareDelivered(
  check: Check,
  enrichers: Enrichers,
  memory: Memory,
  row: LedgerRow,
): Promise<void> {
  const { inventory, expected, tally } = check;
  const delivered = await renderAgain(check, enrichers, memory, row);
  if (delivered === "changed") tally.add("unsent", memory.id);
  else if (delivered.text !== null && !inventory.hasText(row.fileSource, delivered.text))
    expected.set(keyOf(row), textNumber(row.fileSource, summarize(delivered.text)));
}

/** Renders the delivered text again; null when that is not possible. Only cached answers of services are used. */
async function renderAgain(
  { parts, signal }: Check,
  { offline, full }: Enrichers,
  memory: Memory,
  row: LedgerRow,
): Promise<{ text: string | null } | "changed"> {
  const { transformer, enrichment } = parts;
  const renderWith = (enricher: MemoryEnricher) =>
    renderDelivered({ transformer, enricher }, row, memory, signal);
  const text = await renderWith(offline);
  if (text !== null) return { text };
  const hash = await seenHash({ enrichment, enricher: offline }, row.contextId, memory, signal);
  return hash === row.sourceHash ? { text: await renderWith(full) } : "changed";
}
