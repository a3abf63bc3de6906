import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { LedgerKey } from "../../domain/ledger-row.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { ErasedPlace } from "../../state/erasure-store.ts";
import type { MarkedErasure } from "../../sync/maintenance/erase.ts";
import { sinkOf } from "../connectors/list-connectors.ts";
import { connectorPartsErrors, knowledgeErrors } from "../error-groups.ts";
import { connectorIdField, textOf } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext, Services } from "../operation-context.ts";
import { withConnectorLocks } from "../over-connectors.ts";
import { countSchema } from "../runs/run-json.ts";
import { type ErasureName, erasedPlaces, type Reach, reachOfErasure, sourcesOf } from "./erasable.ts";

const named = {
  connectorId: connectorIdField.optional(),
  contextId: textOf(500).optional(),
  memoryId: textOf(500),
};

const input = z.strictObject({
  ...named,
  everywhere: z
    .boolean()
    .default(false)
    .describe("also from other connectors of the same source that know it, where one is named"),
  dryRun: z.boolean().default(false).describe("say what would be erased, and change nothing"),
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
  dryRun: z.boolean(),
  places: z
    .array(
      z.strictObject({
        connectorId: z.string(),
        contextId: z.string(),
        sink: z.string().describe("the server or the folder of its LightRAG"),
      }),
    )
    .describe("where it is removed; with `dryRun`, would be"),
  others: z
    .array(z.strictObject({ connectorId: z.string(), contextId: z.string() }))
    .describe("other connectors of the same source that will never take it up, and do not know it"),
});

export const eraseMemory = operation({
  name: "memory.erase",
  tag: "Knowledge",
  summary: "Remove one memory everywhere, and prove it",
  details:
    "Removes its document from LightRAG with chunks and cached model answers, and all that the state keeps of it but its ids, at every " +
    "connector that knows it. From then on no connector of its source takes it up again, also none that is made or renamed later: not by " +
    "`sync --ids`, not after `reset`, not from an older archive. Where one connector is named and others of the same source know the memory, it " +
    "is refused unless they are meant, too. One that no run has seen yet can be erased, too, at the connector that is named. LightRAG's listing is " +
    "read again afterwards; only when it has no document of the memory is it a success. One that is cut short is finished by the next runs of " +
    "its connectors. A connector that is not in the configuration meanwhile keeps what it has.",
  access: "admin",
  input,
  output,
  errors: [
    "CONNECTOR_UNKNOWN",
    "CONNECTOR_LOCKED",
    "MEMORY_UNKNOWN",
    "ERASE_REACHES_FURTHER",
    "ERASE_UNPROVED",
    "SINK_DELETE_REFUSED",
    ...connectorPartsErrors,
    ...knowledgeErrors,
  ],
  changes: ["memory.erase"],
  run: async (context, { dryRun, ...name }) => {
    const { services } = context;
    const { reach, erased } = dryRun
      ? { reach: await reachOfErasure(services, name), erased: [] }
      : await eraseReached(context, name);
    const places = reach.places.map((key) => placeJson(services, key));
    const others = reach.others.map(({ connectorId, contextId }) => ({ connectorId, contextId }));
    return { erased, allowed: [], dryRun, places, others };
  },
});

export const allowMemory = operation({
  name: "memory.allow-again",
  tag: "Knowledge",
  summary: "Take an erasure back: the next run takes the memory up again",
  details: "For all connectors of its source, as it was erased for all of them.",
  access: "admin",
  input: z.strictObject(named),
  output,
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_LOCKED", "MEMORY_UNKNOWN"],
  changes: ["memory.allow-again"],
  run: async ({ services, record }, name) => {
    const allowed = await erasedPlaces(services, name);
    const { allowAgain } = await import("../../sync/maintenance/erase.ts");
    await withConnectorLocks(services.state, connectorsIn(allowed), async () => {
      for (const key of allowed) {
        await allowAgain(services.state, key);
        await record({ action: "memory.allow-again", subject: key.memoryId, after: key });
      }
    });
    return { erased: [], allowed, dryRun: false, places: [], others: [] };
  },
});

/** Holds the locks of all places, so that no active run can save what it has read of the memory. A run that ends before may have changed the reach. */
async function eraseReached(context: OperationContext, name: ErasureName) {
  const { services } = context;
  for (;;) {
    const reach = await reachOfErasure(services, name);
    const all = connectorsIn([...reach.places, ...reach.others]);
    const erased = await withConnectorLocks(services.state, all, async () => {
      const isStill = isDeepStrictEqual(await reachOfErasure(services, name), reach);
      return isStill ? eraseAll(context, reach) : null;
    });
    if (erased !== null) return { reach, erased };
  }
}

/**
 * Asks every LightRAG first, writes all of it down next, and removes then: where one LightRAG fails in the middle, the next runs of its connectors
 * finish it.
 */
async function eraseAll(context: OperationContext, { places, others }: Reach) {
  const { services, clock, record, signal } = context;
  const { state } = services;
  const { markErased } = await import("../../sync/maintenance/erase.ts");
  const all = places.map((place) => ({ place, connector: services.connector(place.connectorId) }));
  for (const { connector } of all) await services.withParts(connector, ({ sink }) => sink.connect(signal));
  const marked: [ErasedPlace, MarkedErasure][] = [];
  for (const { place, connector } of all)
    marked.push([place, await services.withParts(connector, (parts) => markErased(parts, place))]);
  await state.erasures.addAll([...places, ...others], clock.now());
  const reached = new Set(connectorsIn([...places, ...others]));
  for (const { connectorId, sources } of sourcesOf(services).filter((each) => reached.has(each.connectorId)))
    for (const source of sources) await state.erasures.reads(connectorId, source);
  for (const { origin, ...key } of others)
    await record({ action: "memory.erase", subject: key.memoryId, after: { ...key, wasKnown: false } });
  return removeAll(context, marked);
}

/** At each place, whatever becomes of the others; then throws the first error. */
async function removeAll(context: OperationContext, marked: readonly [ErasedPlace, MarkedErasure][]) {
  const erased: z.input<typeof output>["erased"] = [];
  const errors: unknown[] = [];
  for (const [{ origin, ...key }, erasure] of marked) {
    try {
      const { removed, notices, setAside, ...rest } = await removeOne(context, key, erasure);
      erased.push({ ...rest, removed: [...removed], notices: [...notices], setAside: [...setAside] });
    } catch (thrown) {
      errors.push(thrown);
    }
  }
  if (errors.length > 0) throw errors[0];
  return erased;
}

function connectorsIn(places: readonly LedgerKey[]): string[] {
  return [...new Set(places.map(({ connectorId }) => connectorId))];
}

function placeJson(services: Services, { connectorId, contextId }: LedgerKey) {
  return { connectorId, contextId, sink: sinkOf(services.connector(connectorId).lightrag) };
}

/** Recorded even if it fails: the memory stays erased. */
async function removeOne(
  { services, signal, record }: OperationContext,
  key: LedgerKey,
  marked: MarkedErasure,
) {
  const { removeErased } = await import("../../sync/maintenance/erase.ts");
  const change = { action: "memory.erase", subject: key.memoryId } as const;
  try {
    const erasure = await services.withParts(services.connector(key.connectorId), (parts) =>
      removeErased(parts, marked, signal),
    );
    await record({ ...change, after: erasure });
    return erasure;
  } catch (thrown) {
    await record({ ...change, after: { ...key, unfinished: toConnectorError(thrown).code } });
    throw thrown;
  }
}
