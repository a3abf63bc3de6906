import * as z from "zod";
import type { LedgerStatus } from "../../domain/ledger-row.ts";
import { type ErrorCode, errorCodes } from "../../kernel/errors/codes.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import { connectorsOf } from "../over-connectors.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

/** Where a row may stand because something went wrong. */
const failedStatuses: readonly LedgerStatus[] = ["dead", "failed", "deleting"];

/** Of one code; a few show what it is about. */
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

export const listErrors = operation({
  name: "error.list",
  tag: "Dead letters",
  summary: "Group what is wrong with memories now by its error code",
  details:
    "Dead letters, failures that are tried again, broken items of the source and media that could not be read; the most frequent code first.",
  access: "viewer",
  input: z.strictObject({ connectorId: connectorIdField.optional().describe("only of this connector") }),
  output: z.strictObject({ errors: z.array(group) }),
  errors: ["CONNECTOR_UNKNOWN"],
  run: async ({ services }, { connectorId }) => {
    const groups = new Map<ErrorCode, Gathered>();
    for (const { id } of connectorsOf(services, connectorId)) {
      for await (const failure of failuresOf(services.state, id)) gather(groups, failure);
    }
    const errors = Array.from(groups, ([code, gathered]) => groupJson(code, gathered));
    return { errors: errors.toSorted((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)) };
  },
});

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

async function* failuresOf(state: StateManager, connectorId: string): AsyncGenerator<Failure> {
  for await (const row of allRows(state, { connectorId, statuses: failedStatuses })) {
    const kind = row.status === "dead" ? "deadLetters" : "failures";
    if (row.error !== null) yield { ...row, error: row.error, kind, at: row.changedAt };
  }
  for (const medium of await state.unreadMedia.list(connectorId)) {
    if (medium.standing !== "dropped") yield { ...medium, kind: "media", at: medium.failedAt };
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
  // A state that a newer program wrote may hold a code that this one does not know.
  const { meaning, remedy } = errorCodes[code] ?? { meaning: "This version does not know it.", remedy: "-" };
  return {
    ...{ code, count: deadLetters + failures + media, deadLetters, failures, media },
    ...{ firstAt: isoInstant(first), lastAt: isoInstant(last) },
    ...{ connectors: [...connectors], meaning, remedy, examples },
  };
}
