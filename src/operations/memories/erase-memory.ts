import * as z from "zod";
import type { LedgerKey } from "../../domain/ledger-row.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Erasure } from "../../sync/maintenance/erase.ts";
import { connectorPartsErrors, knowledgeErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { countSchema } from "../runs/run-json.ts";
import { textOf } from "../texts.ts";
import { erasedPlaces, placesToErase, staysErased } from "./erasable.ts";

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

/** In the log also when it could not be brought to its end: from its first step on the memory stays away. */
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
