import * as z from "zod";
import { isErased } from "../../domain/ledger.ts";
import { isGroup, type LedgerKey } from "../../domain/ledger-row.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { StateManager } from "../../state/state-manager.ts";
import type { Erasure } from "../../sync/maintenance/erase.ts";
import { connectorPartsErrors, knowledgeErrors } from "../error-groups.ts";
import { connectorIdField, textOf } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext, Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";
import { countSchema } from "../runs/run-json.ts";
import { type MemoryName, memoryUnknown } from "./memory-rows.ts";

const input = z.strictObject({
  connectorId: connectorIdField.optional(),
  contextId: textOf(500).optional(),
  memoryId: textOf(500),
});

const output = z.strictObject({
  erased: z.array(
    z.strictObject({
      connectorId: z.string(),
      contextId: z.string(),
      memoryId: z.string(),
      fileSource: z.string(),
      wasKnown: z.boolean().describe("the ledger had a row of it"),
      removed: z.array(z.string()).describe("ids of its documents that LightRAG held"),
      remaining: countSchema.describe("its documents in LightRAG's listing afterwards"),
      answersForgotten: countSchema.describe("remembered answers about its media"),
      notices: z
        .array(z.string())
        .describe("texts of what is left that a model refused to make anew, and that were made without it"),
      setAside: z.array(z.string()).describe("older states that were put aside and may still hold its text"),
    }),
  ),
  allowed: z
    .array(z.strictObject({ connectorId: z.string(), contextId: z.string(), memoryId: z.string() }))
    .describe("memories whose erasure was taken back"),
});

export const eraseMemory = operation({
  name: "memory.erase",
  tag: "Knowledge",
  summary: "Remove one memory everywhere, and prove it",
  details:
    "Removes its document from LightRAG with chunks and cached model answers, and all that the state keeps of it but its ids. From then on " +
    "that connector never takes it up again: not by `sync --ids`, not after `reset`, not from an older archive. Another connector of the same " +
    "context has a list of its own. A memory that no run has seen yet can be erased, too, at the connector that is named. LightRAG's listing is read again afterwards; only when it has no document of " +
    "the memory is it a success. One that is cut short is finished by the connector's next run.",
  access: "admin",
  input,
  output,
  errors: [
    "CONNECTOR_UNKNOWN",
    "CONNECTOR_LOCKED",
    "MEMORY_UNKNOWN",
    "ERASE_UNPROVED",
    "SINK_DELETE_REFUSED",
    ...connectorPartsErrors,
    ...knowledgeErrors,
  ],
  changes: ["memory.erase"],
  run: async (context, name) => {
    const erased: z.input<typeof output>["erased"] = [];
    for (const key of await placesToErase(context.services, name)) {
      const erasure = await eraseOne(context, key);
      const { removed, notices, setAside } = erasure;
      erased.push({ ...erasure, removed: [...removed], notices: [...notices], setAside: [...setAside] });
    }
    return { erased, allowed: [] };
  },
});

export const allowMemory = operation({
  name: "memory.allow-again",
  tag: "Knowledge",
  summary: "Take an erasure back: the next run takes the memory up again",
  access: "admin",
  input,
  output,
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_LOCKED", "MEMORY_UNKNOWN"],
  changes: ["memory.allow-again"],
  run: async ({ services, record }, name) => {
    const allowed = await erasedPlaces(services, name);
    const { allowAgain } = await import("../../sync/maintenance/erase.ts");
    for (const key of allowed) {
      await allowAgain(services.state, key);
      await record({ action: "memory.allow-again", subject: key.memoryId, after: key });
    }
    return { erased: [], allowed };
  },
});

/** Recorded even if it fails halfway: from the first step on the memory stays erased. */
async function eraseOne({ services, signal, record }: OperationContext, key: LedgerKey): Promise<Erasure> {
  const { eraseMemory: erase } = await import("../../sync/maintenance/erase.ts");
  const { connectorId, contextId, memoryId } = key;
  const change = { action: "memory.erase", subject: memoryId } as const;
  try {
    const erasure = await services.withParts(services.connector(connectorId), (parts) =>
      erase(parts, { connectorId, contextId }, memoryId, signal),
    );
    await record({ ...change, after: erasure });
    return erasure;
  } catch (thrown) {
    const { code } = toConnectorError(thrown);
    if (code !== "CONNECTOR_LOCKED" && (await staysErased(services.state, key)))
      await record({ ...change, after: { ...key, unfinished: code } });
    throw thrown;
  }
}

/**
 * The ledger keys where the memory is known, or, if nowhere, those that its name determines. Throws `CONNECTOR_UNKNOWN` and
 * `MEMORY_UNKNOWN`.
 */
export async function placesToErase(services: Services, name: MemoryName): Promise<LedgerKey[]> {
  const named = namedPlaces(services, name);
  const known = await filterAsync(named, (key) => isKnown(services.state, key));
  if (known.length > 0) return known;
  if (named.length > 0 && (name.connectorId !== undefined || named.length === 1)) return named;
  const hint = "say --connector-id to erase one that the ledger does not know";
  throw memoryUnknown(name, name.connectorId === undefined ? hint : undefined);
}

/** The ledger keys where the memory is erased. Throws `CONNECTOR_UNKNOWN` and `MEMORY_UNKNOWN`. */
export async function erasedPlaces(services: Services, name: MemoryName): Promise<LedgerKey[]> {
  const places = await filterAsync(namedPlaces(services, name), (key) => staysErased(services.state, key));
  if (places.length > 0) return places;
  throw memoryUnknown(name, "none of that name was erased; look for its id in `memory-connector audit list`");
}

async function staysErased(state: StateManager, key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  return isErased(row) || (await state.erasures.among(key, [key.memoryId])).size > 0;
}

/** Only contexts that connectors read. */
function namedPlaces(services: Services, { connectorId, contextId, memoryId }: MemoryName): LedgerKey[] {
  const all = connectorsOf(services, connectorId).flatMap(({ id, contextIds }) =>
    contextIds.map((context) => ({ connectorId: id, contextId: context, memoryId })),
  );
  return all.filter((key) => contextId === undefined || key.contextId === contextId);
}

async function isKnown(state: StateManager, key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  return (row !== undefined && !isGroup(row)) || (await staysErased(state, key));
}

async function filterAsync<Item>(
  items: readonly Item[],
  passes: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const passed = await Promise.all(items.map(passes));
  return items.filter((_, at) => passed[at]);
}
