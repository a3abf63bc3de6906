import { connectorIdField } from "../fields.ts";
import { textOf } from "../texts.ts";

/** Two of them, percent-encoded, and the rest of a request have to fit into the 16 KiB that Node takes before the body. */
const id = textOf(500);

/** The input of every operation on one memory of a connector. */
export const memoryKeyFields = {
  connectorId: connectorIdField,
  contextId: id.describe("the memory's context, percent-encoded"),
  memoryId: id.describe("the memory, percent-encoded"),
};
