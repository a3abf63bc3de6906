import * as z from "zod";
import { connectorIdField, textOf } from "../fields.ts";
import { operation } from "../operation.ts";
import { ledgerEntries, ledgerEntry, ledgerEntrySchema } from "./ledger-entry.ts";
import { findRow, findRows, memoryKeyFields, memoryUnknown } from "./memory-rows.ts";

export const getMemory = operation({
  name: "memory.get",
  tag: "Knowledge",
  summary: "Show all that is known of a memory but its words",
  access: "viewer",
  input: z.strictObject(memoryKeyFields),
  output: ledgerEntrySchema,
  errors: ["CONNECTOR_UNKNOWN", "MEMORY_UNKNOWN"],
  run: async ({ services }, key) => {
    return ledgerEntry(services, await findRow(services, key));
  },
});

export const findMemory = operation({
  name: "memory.find",
  tag: "Knowledge",
  summary: "Show all that is known of a memory, wherever it is",
  details: "Works for any memory of the ledger, dead or not.",
  access: "viewer",
  input: z.strictObject({
    memoryId: textOf(500).describe("the memory; in a path percent-encoded, `~~` before `.` and `..`"),
    connectorId: connectorIdField.optional().describe("the memory's connector; needed when several have it"),
  }),
  output: z.strictObject({ memories: z.array(ledgerEntrySchema) }),
  errors: ["CONNECTOR_UNKNOWN", "MEMORY_UNKNOWN"],
  run: async ({ services }, name) => {
    const rows = await findRows(services, name);
    if (rows.length === 0) throw memoryUnknown(name);
    return { memories: ledgerEntries(services, rows) };
  },
});
