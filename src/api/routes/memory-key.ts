import type * as z from "zod";
import { textOf } from "../../operations/texts.ts";
import { connectorId } from "./connector-id.ts";

/** Two of them, percent-encoded, and the rest of a request have to fit into the 16 KiB that Node takes before the body. */
const id = textOf(500);

/** The parameters of every path that leads to one memory of a connector. */
export const memoryKey = connectorId.extend({
  contextId: id.describe("the memory's context, percent-encoded"),
  memoryId: id.describe("the memory, percent-encoded"),
});

export function ledgerKeyOf({ id: connectorId, contextId, memoryId }: z.infer<typeof memoryKey>) {
  return { connectorId, contextId, memoryId };
}
