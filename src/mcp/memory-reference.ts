import * as z from "zod";
import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import { connectorIdField, textOf } from "../operations/fields.ts";
import { findMemory } from "../operations/memories/get-memory.ts";
import type { ledgerEntrySchema } from "../operations/memories/ledger-entry.ts";
import { cut } from "./token-budget.ts";
import type { CallOperation, ToolContext } from "./tool.ts";

type LedgerEntry = z.output<typeof ledgerEntrySchema>;

/** Which memory: connector, context and memory id, each percent-encoded, as in the address of its page. */
export const memoryReference = textOf(5000).describe("`id` of a memory, as `search` gives it");

export interface MemoryKey {
  connectorId: string;
  contextId: string;
  memoryId: string;
}

export function referenceTo({ connectorId, contextId, memoryId }: MemoryKey): string {
  return [connectorId, contextId, memoryId].map(encodeURIComponent).join("/");
}

/** The page of a memory, whose address stands in the fragment; null where the address of the pages is not known. */
export function linkTo(id: string, pageUrl: string | null): string | null {
  return pageUrl === null ? null : `${pageUrl}/#/memories/${id}`;
}

/** Throws `MEMORY_UNKNOWN` for anything else than what `referenceTo` makes. */
export function parseReference(id: string): MemoryKey {
  try {
    const [connectorId = "", contextId, memoryId, ...more] = id.split("/").map(decodeURIComponent);
    if (connectorIdField.safeParse(connectorId).success && contextId && memoryId && more.length === 0)
      return { connectorId, contextId, memoryId };
  } catch {
    // A broken percent-encoding.
  }
  throw new ConnectorError("MEMORY_UNKNOWN", "this is not the id of a memory", {
    subject: id.slice(0, 100),
    hint: "take `id` from what `search`, `entity` or `ask` found",
  });
}

/** What every result says of a memory. */
export const memorySchema = z.strictObject({
  id: z.string().describe("for `fetch` and `forget`"),
  time: z.string().nullable().describe("when it was recorded, by the clocks of its calendar"),
  place: z.string().nullable(),
  link: z.string().nullable().describe("its page"),
  status: z.string().describe("`processed` when it is proved to be in the graph"),
  tags: z.array(z.string()),
  people: z.array(z.string()),
  text: z.string().nullable().describe("the beginning of its words, as far as they are kept or were found"),
});

export type FoundMemory = z.infer<typeof memorySchema>;

const mostNames = 20;

/** A memory of the ledger, its texts at most `bytes` long. */
export function foundMemory(
  entry: LedgerEntry,
  { pageUrl }: Pick<ToolContext, "pageUrl">,
  bytes: number,
): FoundMemory {
  const id = referenceTo(entry);
  const { lat, lon } = entry.location ?? {};
  const coordinates = lat === undefined ? null : `${lat}, ${lon}`;
  const short = (names: readonly string[]) => names.slice(0, mostNames).map((name) => cut(name, 100));
  return {
    id,
    time: entry.local?.time ?? null,
    place: entry.place === null ? coordinates : cut(entry.place, 300),
    link: linkTo(id, pageUrl),
    status: entry.status,
    tags: short(entry.tags),
    people: short(entry.people),
    text: entry.text === null ? null : cut(entry.text, bytes),
  };
}

/** The ledger's entry of a memory in a context, of whichever connector has it; null where none does. */
export async function entryOf(
  call: CallOperation,
  { memoryId, contextId }: { memoryId: string; contextId: string | null },
): Promise<LedgerEntry | null> {
  try {
    const { memories } = await call(findMemory, { memoryId });
    return memories.find((entry) => contextId === null || entry.contextId === contextId) ?? null;
  } catch (thrown) {
    if (isConnectorError(thrown, "MEMORY_UNKNOWN")) return null;
    throw thrown;
  }
}
