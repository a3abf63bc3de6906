import type { LedgerKey, LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError, type ErrorDetails } from "../../kernel/errors/connector-error.ts";
import { connectorIdField, textOf } from "../fields.ts";
import type { Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";

/** Two of them, percent-encoded, have to fit with the rest of the request head into Node's limit of 16 KiB. */
const id = textOf(500);

/** The input of every operation on one memory of a connector. */
export const memoryKeyFields = {
  connectorId: connectorIdField,
  contextId: id.describe("the memory's context; in a path percent-encoded, `~~` before `.` and `..`"),
  memoryId: id.describe("the memory; in a path as the context"),
};

/** The same, where a memory may be named by its id alone; of several with that id it is the first. */
export const memoryNameFields = {
  ...memoryKeyFields,
  connectorId: connectorIdField.optional(),
  contextId: memoryKeyFields.contextId.optional(),
};

/** Identifies a memory: without a connector or context, all are searched. */
export interface MemoryName {
  connectorId?: string | undefined;
  contextId?: string | undefined;
  memoryId: string;
}

/** Every ledger row of a memory, in the order of the connectors. Throws `CONNECTOR_UNKNOWN`. */
export async function findRows(services: Services, name: MemoryName): Promise<LedgerRow[]> {
  const found = await Promise.all(
    keysOf(services, name).map(async (key) =>
      (await services.state.getRows(key, [key.memoryId])).get(key.memoryId),
    ),
  );
  return found.filter((row) => row !== undefined);
}

/** The first of them. Throws `CONNECTOR_UNKNOWN` and `MEMORY_UNKNOWN`. */
export async function findRow(services: Services, name: MemoryName): Promise<LedgerRow> {
  const [row] = await findRows(services, name);
  if (row === undefined) throw memoryUnknown(name);
  return row;
}

/** The ledger keys that a memory of that name can have. Throws `CONNECTOR_UNKNOWN`. */
export function keysOf(services: Services, { connectorId, contextId, memoryId }: MemoryName): LedgerKey[] {
  return connectorsOf(services, connectorId).flatMap(({ id, contextIds }) => {
    // The ledger may still have a context that the connector no longer reads.
    const contexts = contextId === undefined ? contextIds : [contextId];
    return contexts.map((context) => ({ connectorId: id, contextId: context, memoryId }));
  });
}

/** The error for an unknown memory. */
export function memoryUnknown(
  { connectorId, contextId, memoryId }: MemoryName,
  hint?: ErrorDetails["hint"],
): ConnectorError {
  const where = [
    connectorId === undefined ? "no connector" : `connector "${connectorId}"`,
    `knows ${connectorId === undefined ? "a" : "no"} memory "${memoryId}"`,
    ...(contextId === undefined ? [] : [`in context "${contextId}"`]),
  ];
  return new ConnectorError("MEMORY_UNKNOWN", where.join(" "), {
    subject: memoryId,
    ...(hint !== undefined && { hint }),
  });
}
