import * as z from "zod";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";
import { matchingRows } from "../../state/ledger-rows.ts";
import type { PageRequest, RowPage, StateManager } from "../../state/state-manager.ts";
import { type DeadLetterFilter, meansRow } from "../../sync/maintenance/dead-letter-filter.ts";
import { findWaitingForMedia } from "../../sync/maintenance/dead-letters.ts";
import { findDeadMedia } from "../../sync/maintenance/dead-media.ts";
import { connectorIdField, pageEnd, pageQuery } from "../fields.ts";
import { ledgerEntries, ledgerEntrySchema } from "../memories/ledger-entry.ts";
import { operation } from "../operation.ts";
import { connectorsOf, pageOverConnectors } from "../over-connectors.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";
import { deadLetterFilter, deadLetterFilterFields } from "./dead-letter-filter.ts";

/** A recording or picture that its model could not read, as `--json` and the API print it. */
export const deadMediumSchema = z.strictObject({
  connectorId: z.string(),
  contextId: z.string(),
  memoryId: z.string(),
  kind: z.enum(["audio", "image"]),
  attempts: countSchema,
  lastAttemptAt: instantSchema,
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
});

function deadMediumJson(medium: UnreadMedium): z.infer<typeof deadMediumSchema> {
  const { connectorId, contextId, memoryId, kind, failures, failedAt, error } = medium;
  return {
    connectorId,
    contextId,
    memoryId,
    kind,
    attempts: failures,
    lastAttemptAt: isoInstant(failedAt),
    error: { code: error.code, message: error.message, hint: error.hint },
  };
}

const mostMedia = 1000;

const input = z.strictObject({
  connectorId: connectorIdField.optional(),
  ...pageQuery,
  ...deadLetterFilterFields,
});

export const listDeadLetters = operation({
  name: "dead-letter.list",
  tag: "Dead letters",
  summary: "List the memories that will not be retried without a person",
  details: "With a filter, a page may hold fewer than `limit`, or none, and still have a `next`.",
  access: "viewer",
  input,
  output: z.strictObject({
    deadLetters: z.array(ledgerEntrySchema),
    more: z.boolean().describe("`next` leads on"),
    deadMedia: z
      .array(deadMediumSchema)
      .describe("audio and pictures that their model could not read; at most 1,000, with the first page"),
    waitingForMedia: z
      .array(ledgerEntrySchema)
      .describe(
        "memories whose audio or picture could not be read yet; at most 1,000, with a first page that asks for no codes or times",
      ),
    ...pageEnd,
  }),
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: async ({ services }, { connectorId, limit, after, ...which }) => {
    const { state } = services;
    const ids = connectorsOf(services, connectorId).map(({ id }) => id);
    const filter = deadLetterFilter(which);
    const { rows, next } = await pageOf(state, connectorId ?? ids, filter, { limit, after });
    const isFirst = after === undefined;
    const media = isFirst ? await collect(ids, (id, most) => findDeadMedia(state, id, filter, most)) : [];
    const waiting = isFirst && asksForAnyFailure(filter) ? await findWaiting(state, ids, filter) : [];
    return {
      deadLetters: ledgerEntries(services, rows),
      more: next !== null,
      deadMedia: media.map(deadMediumJson),
      waitingForMedia: ledgerEntries(services, waiting),
      next,
    };
  },
});

function pageOf(
  state: StateManager,
  connectors: string | readonly string[],
  filter: DeadLetterFilter,
  page: PageRequest,
): Promise<RowPage> {
  const { contextId } = filter;
  const pageOfOne = (connectorId: string, part: PageRequest) =>
    matchingRows(state, { connectorId, contextId, statuses: ["dead"] }, (row) => meansRow(filter, row), part);
  return typeof connectors === "string"
    ? pageOfOne(connectors, page)
    : pageOverConnectors(connectors, page, pageOfOne);
}

/** A waiting medium has not failed for good: it has neither a code nor a time. */
function asksForAnyFailure({ codes, since, until }: DeadLetterFilter): boolean {
  return codes === undefined && since === undefined && until === undefined;
}

async function findWaiting(
  state: StateManager,
  ids: readonly string[],
  { contextId }: DeadLetterFilter,
): Promise<LedgerRow[]> {
  const found = await collect(ids, (id, most) => findWaitingForMedia(state, id, most));
  return contextId === undefined ? found : found.filter((row) => row.contextId === contextId);
}

async function collect<Item extends UnreadMedium | LedgerRow>(
  ids: readonly string[],
  find: (connectorId: string, most: number) => Promise<Item[]>,
): Promise<Item[]> {
  const found: Item[] = [];
  for (const id of ids)
    if (found.length < mostMedia) found.push(...(await find(id, mostMedia - found.length)));
  return found;
}
