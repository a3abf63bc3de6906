import * as z from "zod";
import { type Step, type StepName, stepNames, stepsOf } from "../../domain/history.ts";
import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { type ErrorCode, meaningOf } from "../../kernel/errors/codes.ts";
import { runCursor } from "../../state/cursor.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { operation } from "../operation.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";
import { findRow, memoryNameFields } from "./memory-rows.ts";

const stepSchema = z.strictObject({
  at: instantSchema,
  step: z.enum(stepNames),
  of: z.enum(["memory", "document"]).describe("`document`: of the one that it shares with other notes"),
  code: z.string().nullable().describe("of a failure"),
  reason: z
    .string()
    .nullable()
    .describe("what the code means; why it was skipped, or why its document is replaced"),
  by: z.enum(["run", "person"]),
  runId: z.string().nullable().describe("the run that took the step, as long as runs are kept"),
});

const evidenceSchema = z.strictObject({
  provedAt: instantSchema,
  documentId: z.string().nullable(),
  contentHash: z.string().nullable().describe("SHA-256 of the text that LightRAG's record was compared with"),
});

export const memoryHistory = operation({
  name: "memory.history",
  tag: "Knowledge",
  summary: "List the steps that led a memory to where it stands, oldest first",
  details:
    "The ledger keeps the first step of a memory and its newest ones. An erasure takes away what was before it, and so does a `reset`. A listing that " +
    "confirms what is known is no step.",
  access: "viewer",
  input: z.strictObject(memoryNameFields),
  output: z.strictObject({
    connectorId: z.string(),
    contextId: z.string(),
    memoryId: z.string(),
    firstSeenAt: instantSchema,
    steps: z.array(stepSchema),
    complete: z.boolean().describe("false where earlier steps are not kept, or were taken before an upgrade"),
    evidence: evidenceSchema
      .nullable()
      .describe("what proves that LightRAG holds it; null while nothing does"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "MEMORY_UNKNOWN"],
  run: async ({ services }, name) => {
    const row = await findRow(services, name);
    const document = await documentRowOf(services.state, row);
    const own = stepsOf(row);
    const shared = document === undefined ? { steps: [], isWhole: true } : stepsOf(document);
    const steps = [
      ...own.steps.map((step) => ({ ...step, of: "memory" as const })),
      ...shared.steps.map((step) => ({ ...step, of: "document" as const })),
    ].toSorted((a, b) => a.at - b.at);
    const { connectorId, contextId, memoryId } = row;
    const runOf = runFinder(services.state, connectorId);
    const told = [];
    for (const step of steps) told.push(stepJson(step, await runOf(step)));
    return {
      ...{ connectorId, contextId, memoryId, firstSeenAt: isoInstant(row.firstSeenAt), steps: told },
      complete: own.isWhole && shared.isWhole,
      evidence: evidenceOf(document ?? row),
    };
  },
});

/** The row of the document that a note shares; undefined for a memory with a document of its own. */
async function documentRowOf(state: StateManager, row: LedgerRow): Promise<LedgerRow | undefined> {
  if (row.groupKey === null || isGroup(row)) return undefined;
  return (await state.getRows(row, [row.groupKey])).get(row.groupKey);
}

function evidenceOf(row: LedgerRow): z.input<typeof evidenceSchema> | null {
  if (row.status !== "processed") return null;
  const proved = stepsOf(row).steps.findLast(({ name }) => name === "processed");
  const { documentId, contentHash, changedAt } = row;
  return { provedAt: isoInstant(proved?.at ?? changedAt), documentId, contentHash };
}

/** What a person asks for happens between runs: a connector's lock is held meanwhile. */
const byPerson: readonly StepName[] = ["replayed", "dropped", "erased"];
const isByPerson = ({ name }: Step): boolean => byPerson.includes(name);

/** Finds the run in which a step was taken: a connector never has two at a time. */
function runFinder(state: StateManager, connectorId: string) {
  let known: RunRecord | undefined;
  return async (step: Step): Promise<string | null> => {
    if (isByPerson(step)) return null;
    if (known?.endedAt == null || step.at > known.endedAt) {
      const after = runCursor.encode({ startedAt: step.at + 1, runId: "" });
      [known] = (await state.listRuns({ connectorId, limit: 1, after })).runs;
    }
    return known !== undefined && holds(known, step.at) ? known.runId : null;
  };
}

/** The record of an interrupted run may end before its last step. */
function holds({ startedAt, endedAt, outcome }: RunRecord, at: number): boolean {
  return startedAt <= at && (endedAt === null || at <= endedAt || outcome === "interrupted");
}

function stepJson(
  step: Step & { of: "memory" | "document" },
  runId: string | null,
): z.input<typeof stepSchema> {
  const { at, name, of, detail } = step;
  const isCode = detail !== null && failures.includes(name);
  return {
    ...{ at: isoInstant(at), step: name, of, runId },
    code: isCode ? detail : null,
    reason: isCode ? meaningOf(detail as ErrorCode) : detail,
    by: isByPerson(step) ? "person" : "run",
  };
}

const failures: readonly StepName[] = ["failed", "dead", "malformed"];
