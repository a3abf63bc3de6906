import { sha256 } from "../../documents/fingerprint.ts";
import { isErased } from "../../domain/ledger.ts";
import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { readMemoryDocument } from "../../sinks/lightrag/memory-document.ts";
import type { MediaKind } from "../../sources/source-capabilities.ts";
import { brokenItemId } from "../../sync/memory-key.ts";
import { mergedDocumentOf } from "../../sync/merged-documents.ts";
import { renderDocument } from "../../sync/render-document.ts";
import { whyNotDelivered } from "../../sync/report/why-not-delivered.ts";
import type { ConnectorParts } from "../../sync/sync-parts.ts";
import type { OperationContext, Services } from "../operation-context.ts";

/** Where the text of a document comes from. */
export type TextOrigin = "ledger" | "lightrag" | "source";

/** The text of a memory's document, as well as it is known. */
export interface DocumentText {
  text: string | null;
  /** Of a document that notes share: the memory's own part, as it stands in the text. */
  ownText: string | null;
  origin: TextOrigin | null;
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
  const connector = services.connector(row.connectorId);
  return services.withParts(connector, async (parts) => {
    const kept = await fromLedger(parts, row);
    if (kept !== null) return { ...kept, note: noteOf(kept) };
    const absence = await whyNotHeld(services, row);
    const reasons = [absence ?? untold[connector.lightrag.mode]];
    const source = fromSource ? () => fromTheSource(parts, row, context.signal) : async () => unasked;
    for (const look of [() => fromLightRag(context, row), source]) {
      const found = await look().catch((thrown: unknown) => whyNotRead(thrown, context.signal));
      if (typeof found === "string") reasons.push(found);
      else if (found !== null) return told(found, absence);
    }
    return { ...unknown, note: reasons.join("; ") };
  });
}

const unasked = "its source may show it";

function whyNotRead(thrown: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  const { code, message } = toConnectorError(thrown);
  return `it cannot be read now (${code}: ${message})`;
}

/** What a memory is now is not compared with what was sent where nothing was. */
function told(found: Found, absence: string | null): DocumentText {
  return absence === null || found.origin === "lightrag"
    ? { ...found, note: noteOf(found) }
    : { ...found, isAsSent: null, note: `${absence}; this is made of what the source lists now` };
}

/** Of a delivered document whose text nobody tells. */
const untold = {
  api: "the ledger keeps no text of what is delivered, and a LightRAG server does not tell it",
  direct: "the ledger keeps no text of what is delivered, and LightRAG's folder has no document of its name",
} as const;

/**
 * Why LightRAG holds no document of a memory, in words: never delivered, and what stands in the way, or not any more. Null where it holds one. Of a
 * note of a group, what holds for the document that it shares.
 */
export async function whyNotHeld({ state }: Pick<Services, "state">, row: LedgerRow): Promise<string | null> {
  const { groupKey } = row;
  const isNote = groupKey !== null && !isGroup(row) && row.skipReason === "merged";
  const held = isNote ? (await state.getRows(row, [groupKey])).get(groupKey) : row;
  if (held === undefined) return "no document is made of it yet";
  if (held.documentId !== null && held.status !== "deleting") return null;
  const why = whyNotDelivered(held, 0);
  return why === null ? null : `no document of it is in LightRAG: ${why.message}`;
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
  const forms = parts.transformer
    .writeForms(row.contextId, payload)
    .filter((written) => written.kind === "document");
  const note = forms.find(({ form }) => form === merged.form);
  return {
    text: merged.text,
    ownText: note === undefined ? null : bodyOf(note.text),
    origin: "ledger",
    isAsSent,
    media,
  };
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
  return { text, ownText: null, origin: "lightrag", isAsSent, media: row.facets.media ?? mediaNamedIn(text) };
}

/** In words, why not. Media are not read again, and no service is asked where the memory was. */
async function fromTheSource(
  parts: ConnectorParts,
  row: LedgerRow,
  signal: AbortSignal,
): Promise<Found | string> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(longestLookMs)]);
  const memory = await listedMemory(parts, row, within);
  if (typeof memory === "string") return memory;
  const enriched = await parts.enrichment.forPlan().enrich(row.contextId, memory, within);
  const written = parts.transformer.prepare(row.contextId, enriched, row.contentHash);
  if (written.kind === "skip") return "its source lists it without a text that a document could have";
  const isAsSent = written.contentHash === row.contentHash;
  return { text: written.text, ownText: null, origin: "source", isAsSent, media: mediaIn(memory) };
}

/** Within an hour of a time, a source may show less: two clocks differ. */
const marginMs = 2 * 3_600_000;

/** The memory as the source lists it now; where it lists none, why, in words. */
async function listedMemory(
  { source, settings }: Pick<ConnectorParts, "source" | "settings">,
  { contextId, memoryId, memoryCreatedAt }: LedgerRow,
  signal: AbortSignal,
): Promise<Memory | string> {
  const scope =
    memoryCreatedAt === null
      ? ({ kind: "everything" } as const)
      : ({ kind: "events", since: memoryCreatedAt - marginMs } as const);
  let why: string | undefined;
  for await (const page of source.list({ contextId, scope, limit: settings.queryLimit }, signal)) {
    const memory = page.memories.find(({ id }) => id === memoryId);
    if (memory !== undefined) return memory;
    const broken = page.malformed.find((item) => brokenItemId(item) === memoryId);
    if (broken !== undefined)
      why ??= `its source lists it, as what cannot be delivered: ${broken.problems.join("; ")}`;
    else if (page.pending?.some(({ id }) => id === memoryId))
      why ??= "its source lists it, and cannot be read yet";
  }
  return (
    why ?? (memoryCreatedAt === null ? "its source does not list it" : "its source does not list it any more")
  );
}

function mediaIn({ audio, image }: Memory): MediaKind[] {
  return [...(audio ? (["audio"] as const) : []), ...(image ? (["image"] as const) : [])];
}

/** By the header of the first form, which named them; null where a template wrote another one. Since the second form the ledger has them. */
function mediaNamedIn(text: string): MediaKind[] | null {
  const document = readMemoryDocument(text);
  if (document?.memoryId === null) return [];
  const media = document?.media ?? null;
  return media === null ? null : (["audio", "image"] as const).filter((kind) => media.includes(kind));
}

function noteOf({ origin, isAsSent }: Found): string | null {
  if (isAsSent !== false) return null;
  return origin === "ledger"
    ? "the template has changed since: the next change of the memory is sent like this"
    : "made again from what the source lists now, it differs from what was sent: the memory has changed since, or what services said of its media and its place is missing here";
}
