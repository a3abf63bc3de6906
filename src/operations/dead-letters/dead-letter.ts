import * as z from "zod";
import { deadLettersChange } from "../../access/audit/audit-log.ts";
import { changeDeadLetter, getDeadLetter as find } from "../../sync/maintenance/dead-letters.ts";
import { ledgerEntry, ledgerEntrySchema } from "../memories/ledger-entry.ts";
import { memoryKeyFields } from "../memories/memory-rows.ts";
import { operation } from "../operation.ts";

const input = z.strictObject(memoryKeyFields);

export const getDeadLetter = operation({
  name: "dead-letter.get",
  tag: "Dead letters",
  summary: "Show a dead letter with what is wrong with it",
  access: "viewer",
  input,
  output: ledgerEntrySchema,
  errors: ["CONNECTOR_UNKNOWN", "DEAD_LETTER_UNKNOWN"],
  run: async ({ services }, key) => {
    services.connector(key.connectorId);
    return ledgerEntry(services, await find(services.state, key));
  },
});

export const replayDeadLetter = changing("replay", "Try a dead letter again in the next run");
export const dropDeadLetter = changing("drop", "Give a dead letter up until its memory changes");

function changing(type: "replay" | "drop", summary: string) {
  return operation({
    name: `dead-letter.${type}`,
    tag: "Dead letters",
    summary,
    access: "admin",
    input,
    output: ledgerEntrySchema,
    errors: ["CONNECTOR_UNKNOWN", "DEAD_LETTER_UNKNOWN", "DEAD_LETTER_EMPTY", "CONNECTOR_LOCKED"],
    changes: [`dead-letters.${type}`],
    run: async ({ services, record }, key) => {
      const ledger = await services.ledgerOf(services.connector(key.connectorId));
      const row = await changeDeadLetter({ state: services.state, ledger }, key, { type });
      const { change } = deadLettersChange(type, row.connectorId, [row.memoryId]);
      if (change !== undefined) await record(change);
      return ledgerEntry(services, row);
    },
  });
}
