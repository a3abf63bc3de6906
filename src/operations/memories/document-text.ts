import { sha256 } from "../../documents/identity-line.ts";
import { isErased } from "../../domain/ledger.ts";
import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { readMemoryDocument } from "../../sinks/lightrag/memory-document.ts";
import type { MediaKind } from "../../sources/source-capabilities.ts";
import { mergedDocumentOf } from "../../sync/merged-documents.ts";
import { renderDocument } from "../../sync/render-document.ts";
import { whyNotDelivered } from "../../sync/report/why-not-delivered.ts";
import type { ConnectorParts } from "../../sync/sync-parts.ts";
import type { OperationContext } from "../operation-context.ts";

/** Where the text of a document comes from. */
export const textOrigins = ["ledger", "lightrag", "source"] as const;

/** The text of a memory's document, as well as it is known. */
export interface DocumentText {
  text: string | null;
  /** Of a document that notes share: the memory's own part, as it stands in the text. */
  ownText: string | null;
  origin: (typeof textOrigins)[number] | null;
  /** Whether the text has the fingerprint that the ledger has of it; null where that cannot be told. */
  isAsSent: boolean | null;
  media: readonly MediaKind[] | null;
  /** Why there is no text, or what is to be known of it. */
  note: string | null;
}

type Found = Omit<DocumentText, "note">;

/** How long the source may take. Milliseconds. */
const longestLookMs = 15_000;

const unknown: Found = { text: null, ownText: null, origin: null, isAsSent: null, media: null };

/**
 * The text of a memory's document: made from the ledger's own memory while it is kept, else as LightRAG stores it, else made again from what the
 * source lists now. A place that cannot be asked is named in the note.
 */
export async function documentTextOf(
  context: OperationContext,
  row: LedgerRow,
  { fromSource }: { fromSource: boolean },
): Promise<DocumentText> {
  if (isErased(row)) return { ...unknown, note: "it was erased, and nothing is kept of it" };
  const { services } = context;
  return services.withParts(services.connector(row.connectorId), async (parts) => {
    const kept = await fromLedger(parts, row);
    if (kept !== null) return { ...kept, note: noteOf(kept) };
    const troubles: string[] = [];
    const places = [
      () => fromLightRag(context, row),
      ...(fromSource ? [() => fromTheSource(parts, row, context.signal)] : []),
    ];
    for (const look of places) {
      const found = await look().catch((thrown: unknown) => {
        context.signal.throwIfAborted();
        const { code, message } = toConnectorError(thrown);
        troubles.push(`${code}: ${message}`);
        return null;
      });
      if (found !== null) return { ...found, note: noteOf(found) };
    }
    return { ...unknown, note: whyNot(row, troubles, fromSource) };
  });
}

async function fromLedger(parts: ConnectorParts, row: LedgerRow): Promise<Found | null> {
  const { payload } = row;
  const own = renderDocument(parts, row);
  if (payload === null || own?.kind !== "document") return null;
  const media = mediaIn(payload);
  if (row.groupKey === null || isGroup(row)) {
    const isAsSent = own.contentHash === row.contentHash;
    return { text: own.text, ownText: null, origin: "ledger", isAsSent, media };
  }
  const group = (await parts.state.getRows(row, [row.groupKey])).get(row.groupKey);
  const merged = group && (await mergedDocumentOf(parts, group));
  if (group === undefined || merged == null) return null;
  const isAsSent = merged.contentHash === group.contentHash;
  return { text: merged.text, ownText: bodyOf(own.text), origin: "ledger", isAsSent, media };
}

/** What stands below the line that names the memory; a group's document has it under a line of its own. */
const bodyOf = (text: string): string => text.slice(text.indexOf("\n") + 1);

/** LightRAG trims texts and replaces HTML references, so that another fingerprint proves nothing. */
async function fromLightRag({ services, signal }: OperationContext, row: LedgerRow): Promise<Found | null> {
  if (row.documentId === null) return null;
  const text = await services.withKnowledge(row.connectorId, signal, (knowledge) =>
    knowledge.textOf(row.fileSource, signal),
  );
  if (text === null) return null;
  const isAsSent = sha256(text) === row.contentHash || null;
  return { text, ownText: null, origin: "lightrag", isAsSent, media: mediaNamedIn(text) };
}

/** Media are not read again, and no service is asked where the memory was. */
async function fromTheSource(
  parts: ConnectorParts,
  row: LedgerRow,
  signal: AbortSignal,
): Promise<Found | null> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(longestLookMs)]);
  const memory = await listedMemory(parts, row, within);
  if (memory === null) return null;
  const enriched = await parts.enrichment.forPlan().enrich(row.contextId, memory, within);
  const written = parts.transformer.prepare(row.contextId, enriched);
  if (written.kind === "skip") return null;
  const isAsSent = written.contentHash === row.contentHash;
  return { text: written.text, ownText: null, origin: "source", isAsSent, media: mediaIn(memory) };
}

/** Within an hour of a time, a source may show less: two clocks differ. */
const marginMs = 2 * 3_600_000;

/** The memory as the source lists it now; null where it does not. */
export async function listedMemory(
  { source, settings }: Pick<ConnectorParts, "source" | "settings">,
  { contextId, memoryId, memoryCreatedAt }: LedgerRow,
  signal: AbortSignal,
): Promise<Memory | null> {
  const scope =
    memoryCreatedAt === null
      ? ({ kind: "everything" } as const)
      : ({ kind: "events", since: memoryCreatedAt - marginMs } as const);
  for await (const page of source.list({ contextId, scope, limit: settings.queryLimit }, signal)) {
    const memory = page.memories.find(({ id }) => id === memoryId);
    if (memory !== undefined) return memory;
  }
  return null;
}

function mediaIn({ audio, image }: Memory): MediaKind[] {
  return [...(audio ? (["audio"] as const) : []), ...(image ? (["image"] as const) : [])];
}

/** By the header that the built-in strategies write; null where a template wrote another one. */
function mediaNamedIn(text: string): MediaKind[] | null {
  const media = readMemoryDocument(text)?.header.get("Media");
  return media === undefined ? null : (["audio", "image"] as const).filter((kind) => media.includes(kind));
}

function noteOf({ origin, isAsSent }: Found): string | null {
  if (isAsSent !== false) return null;
  return origin === "ledger"
    ? "the template has changed since: the next change of the memory is sent like this"
    : "made again from what the source lists now, it differs from what was sent: the memory has changed since, or what services said of its media and its place is missing here";
}

function whyNot(row: LedgerRow, troubles: readonly string[], isAsked: boolean): string {
  if (troubles.length > 0) return `its text cannot be read now (${troubles.join("; ")})`;
  if (row.status === "skipped")
    return `no document is made of it: ${whyNotDelivered(row, 0)?.message ?? "it stands in that of other notes"}`;
  return isAsked
    ? "nobody keeps its text: its source does not list it any more"
    : "the ledger keeps no text of what is delivered, and this LightRAG does not tell it; its source may";
}
