import * as z from "zod";
import type { LedgerStatus } from "../../domain/ledger-row.ts";
import { type ErrorCode, errorCodes, meaningOf } from "../../kernel/errors/codes.ts";
import { readRuns } from "../../notify/alerts/read-runs.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { connectorIdField, errorCodeField, textOf } from "../fields.ts";
import { momentField, type Span, spanIn } from "../moments.ts";
import { operation } from "../operation.ts";
import type { Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

/** The statuses that a row can have because of an error. */
export const failedStatuses: readonly LedgerStatus[] = ["dead", "failed", "deleting"];

/** Limit of examples per code. */
const mostExamples = 5;

const group = z.strictObject({
  code: z.string(),
  count: countSchema,
  deadLetters: countSchema.describe("of them, memories that will not be retried without a person"),
  failures: countSchema.describe("of them, memories that are tried again"),
  media: countSchema.describe("of them, audio and pictures that could not be read"),
  firstAt: instantSchema.describe("the earliest of their last failures"),
  lastAt: instantSchema,
  connectors: z.array(z.string()),
  meaning: z.string(),
  remedy: z.string(),
  examples: z.array(
    z.strictObject({
      connectorId: z.string(),
      contextId: z.string(),
      memoryId: z.string(),
      message: z.string(),
    }),
  ),
});
type Group = z.output<typeof group>;

const failingConnector = z.strictObject({
  connectorId: z.string(),
  runId: z.string().describe("the last of them"),
  failedRuns: countSchema.describe("how many in a row, up to the last"),
  lastAt: instantSchema,
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});
type FailingConnector = z.output<typeof failingConnector>;

export const listErrors = operation({
  name: "error.list",
  tag: "Dead letters",
  summary: "Group what is wrong with memories now by its error code, and name connectors whose runs fail",
  details:
    "Dead letters, failures that are tried again, broken items of the source and media that could not be read; the most frequent code first. " +
    "`memories` with a `code` lists the memories behind its count, `dead-letters list` those that need a person, with the media.",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField.optional().describe("only of this connector"),
    contextId: textOf(500).optional().describe("only of this context"),
    codes: z.array(errorCodeField).min(1).max(100).optional().describe("only these error codes"),
    since: momentField.optional().describe("only what failed last at this time, on this day (UTC) or later"),
    until: momentField
      .optional()
      .describe("only what failed last at this time, on this day (UTC) or earlier"),
  }),
  output: z.strictObject({
    errors: z.array(group),
    failing: z
      .array(failingConnector)
      .describe("connectors whose last run failed as a whole, and with which error; none with a context"),
  }),
  errors: ["CONNECTOR_UNKNOWN"],
  run: async ({ services, signal }, { connectorId, ...asked }) => {
    const filter = { ...asked, ...spanIn("UTC", asked) };
    const groups = new Map<ErrorCode, Gathered>();
    for (const { id } of connectorsOf(services, connectorId)) {
      for await (const failure of failuresOf(services.state, id, filter.contextId)) {
        signal.throwIfAborted();
        if (isMeant(failure, filter)) gather(groups, failure);
      }
    }
    const errors = Array.from(groups, ([code, gathered]) => groupJson(code, gathered));
    return {
      errors: errors.toSorted((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
      failing: asked.contextId === undefined ? await failingConnectors(services, connectorId, filter) : [],
    };
  },
});

/** Those whose last run that ended has failed, where its time and its error pass the filter. */
async function failingConnectors(
  services: Services,
  connectorId: string | undefined,
  filter: Filter,
): Promise<FailingConnector[]> {
  const failing: FailingConnector[] = [];
  for (const { id } of connectorsOf(services, connectorId)) {
    const { last, failuresInARow } = await readRuns(services.state, id, Number.POSITIVE_INFINITY);
    const error = last?.outcome === "failed" ? last.errors[0] : undefined;
    if (last === null || error === undefined) continue;
    const { runId, endedAt, startedAt } = last;
    const at = endedAt ?? startedAt;
    if (!isMeant({ at, error }, filter)) continue;
    const { code, message, hint } = error;
    failing.push({
      ...{ connectorId: id, runId, failedRuns: failuresInARow, lastAt: isoInstant(at) },
      ...{ code, message, hint },
    });
  }
  return failing;
}

interface Failure {
  connectorId: string;
  contextId: string;
  memoryId: string;
  kind: "deadLetters" | "failures" | "media";
  at: number;
  error: { code: ErrorCode; message: string };
}

interface Gathered extends Pick<Group, "deadLetters" | "failures" | "media" | "examples"> {
  first: number;
  last: number;
  connectors: Set<string>;
}

interface Filter extends Span {
  codes?: readonly string[] | undefined;
}

function isMeant({ at, error }: Pick<Failure, "at" | "error">, { codes, since, until }: Filter): boolean {
  if (codes !== undefined && !codes.includes(error.code)) return false;
  return (since === undefined || at >= since) && (until === undefined || at <= until);
}

async function* failuresOf(
  state: StateManager,
  connectorId: string,
  contextId: string | undefined,
): AsyncGenerator<Failure> {
  for await (const row of allRows(state, { connectorId, contextId, statuses: failedStatuses })) {
    const kind = row.status === "dead" ? "deadLetters" : "failures";
    if (row.error !== null) yield { ...row, error: row.error, kind, at: row.changedAt };
  }
  for (const medium of await state.unreadMedia.list(connectorId)) {
    const isAsked = contextId === undefined || medium.contextId === contextId;
    if (isAsked && medium.standing !== "dropped") yield { ...medium, kind: "media", at: medium.failedAt };
  }
}

function gather(
  groups: Map<ErrorCode, Gathered>,
  { connectorId, contextId, memoryId, kind, at, error }: Failure,
): void {
  const known = groups.get(error.code);
  const all: Gathered = known ?? {
    ...{ deadLetters: 0, failures: 0, media: 0, first: at, last: at },
    ...{ connectors: new Set<string>(), examples: [] },
  };
  groups.set(error.code, all);
  all[kind] += 1;
  all.first = Math.min(all.first, at);
  all.last = Math.max(all.last, at);
  all.connectors.add(connectorId);
  if (all.examples.length < mostExamples)
    all.examples.push({ connectorId, contextId, memoryId, message: error.message });
}

function groupJson(code: ErrorCode, gathered: Gathered): Group {
  const { deadLetters, failures, media, first, last, connectors, examples } = gathered;
  const meaning = meaningOf(code);
  const remedy = errorCodes[code]?.remedy ?? "-";
  return {
    ...{ code, count: deadLetters + failures + media, deadLetters, failures, media },
    ...{ firstAt: isoInstant(first), lastAt: isoInstant(last) },
    ...{ connectors: [...connectors], meaning, remedy, examples },
  };
}
