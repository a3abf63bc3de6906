import * as z from "zod";
import { deadLettersChange } from "../../access/audit/dead-letters-change.ts";
import { deadMediumJson, deadMediumSchema } from "../../json/dead-medium-json.ts";
import { rowJson, rowSchema } from "../../json/row-json.ts";
import { pageEnd, pageQuery } from "../../operations/page.ts";
import { textOf } from "../../operations/texts.ts";
import { changeDeadLetters } from "../../sync/dead-letters.ts";
import { findDeadMedia } from "../../sync/dead-media.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

const mostMedia = 1000;

export const listDeadLetters = route({
  method: "GET",
  path: "/connectors/{id}/dead-letters",
  access: "viewer",
  tag: "Dead letters",
  summary: "List the memories that will not be retried without a person",
  details: "With `code`, a page may hold fewer than `limit`, or none, and still have a `next`.",
  params: connectorId,
  query: z.object({
    ...pageQuery,
    code: textOf(100).optional().describe("only those with this error code"),
  }),
  status: 200,
  answer: z.strictObject({
    deadLetters: z.array(rowSchema),
    deadMedia: z
      .array(deadMediumSchema)
      .describe("audio and pictures that their model could not read; at most 1,000, with the first page"),
    ...pageEnd,
  }),
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  handle: async ({ params: { id }, query: { code, ...page } }, { app }) => {
    app.connector(id);
    const { rows, next } = await app.state.pageRows({ connectorId: id, statuses: ["dead"] }, page);
    const codes = code === undefined ? undefined : [code];
    const isFirst = page.after === undefined;
    const media = isFirst ? await findDeadMedia(app.state, id, { codes }, mostMedia) : [];
    const wanted = code === undefined ? rows : rows.filter(({ error }) => error?.code === code);
    return { body: { deadLetters: wanted.map(rowJson), deadMedia: media.map(deadMediumJson), next } };
  },
});

const choice = z
  .strictObject({
    action: z.enum(["replay", "drop"]).describe("try again, or give up until the memory changes"),
    memoryIds: z.array(z.string()).min(1).max(1000).optional(),
    contextId: textOf(500).optional().describe("only those of this context"),
    codes: z
      .array(z.string())
      .min(1)
      .max(100)
      .optional()
      .describe("only those with one of these error codes"),
    all: z.literal(true).optional().describe("needed when nothing else says which"),
  })
  .refine(({ memoryIds, contextId, codes, all }) => memoryIds ?? contextId ?? codes ?? all, {
    error: "needs memoryIds, contextId, codes or all",
  })
  .meta({ anyOf: ["memoryIds", "contextId", "codes", "all"].map((key) => ({ required: [key] })) });

export const actOnDeadLetters = route({
  method: "POST",
  path: "/connectors/{id}/dead-letters",
  access: "admin",
  tag: "Dead letters",
  summary: "Replay or drop dead letters, by id, context, error code or all",
  details:
    "The next run acts on it. Those that have nothing to send are left alone: only their source can mend them. Reaches audio and " +
    "pictures that their model could not read, and those that wait to be tried again when `memoryIds` names their memories.",
  params: connectorId,
  body: choice,
  status: 200,
  answer: z.strictObject({ action: z.enum(["replay", "drop"]), memoryIds: z.array(z.string()) }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_LOCKED"],
  changes: ["dead-letters.replay", "dead-letters.drop"],
  handle: async ({ params: { id }, body }, { app, clock }) => {
    app.connector(id);
    const filter = { contextId: body.contextId, ids: body.memoryIds, codes: body.codes };
    const changed = await changeDeadLetters(app.state, id, filter, { type: body.action }, clock.now());
    const memoryIds = [...changed.memoryIds];
    return {
      body: { action: body.action, memoryIds },
      ...deadLettersChange(body.action, id, memoryIds),
    };
  },
});
