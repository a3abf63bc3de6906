import * as z from "zod";
import { connectorId } from "./connector-id.ts";

const id = z.string().min(1).max(2000);

/** The parameters of every path that leads to one memory of a connector. */
export const memoryKey = connectorId.extend({
  contextId: id.describe("the memory's context, percent-encoded"),
  memoryId: id.describe("the memory, percent-encoded"),
});

export function ledgerKeyOf({ id: connectorId, contextId, memoryId }: z.infer<typeof memoryKey>) {
  return { connectorId, contextId, memoryId };
}
