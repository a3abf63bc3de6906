import { deadLettersChange } from "../../access/audit/dead-letters-change.ts";
import { rowJson, rowSchema } from "../../json/row-json.ts";
import { changeDeadLetter, getDeadLetter as get } from "../../sync/dead-letters.ts";
import { route } from "../route.ts";
import { ledgerKeyOf, memoryKey } from "./memory-key.ts";

const path = "/connectors/{id}/dead-letters/{contextId}/{memoryId}";

export const getDeadLetter = route({
  method: "GET",
  path,
  access: "viewer",
  tag: "Dead letters",
  summary: "Show a dead letter with what is wrong with it",
  params: memoryKey,
  status: 200,
  answer: rowSchema,
  errors: ["CONNECTOR_UNKNOWN", "DEAD_LETTER_UNKNOWN"],
  handle: async ({ params }, { app }) => {
    app.connector(params.id);
    return { body: rowJson(await get(app.state, ledgerKeyOf(params))) };
  },
});

export const replayDeadLetter = changing("replay", "Try a dead letter again in the next run");
export const dropDeadLetter = changing("drop", "Give a dead letter up until its memory changes");

function changing(type: "replay" | "drop", summary: string) {
  return route({
    method: "POST",
    path: `${path}/${type}`,
    access: "admin",
    tag: "Dead letters",
    summary,
    params: memoryKey,
    status: 200,
    answer: rowSchema,
    errors: ["CONNECTOR_UNKNOWN", "DEAD_LETTER_UNKNOWN", "DEAD_LETTER_EMPTY", "CONNECTOR_LOCKED"],
    changes: [`dead-letters.${type}`],
    handle: async ({ params }, { app, clock }) => {
      app.connector(params.id);
      const row = await changeDeadLetter(app.state, ledgerKeyOf(params), { type }, clock.now());
      return { body: rowJson(row), ...deadLettersChange(type, row.connectorId, [row.memoryId]) };
    },
  });
}
