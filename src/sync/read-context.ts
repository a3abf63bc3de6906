import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { ListingLore } from "../sources/listing-lore.ts";
import type { QueryRange } from "../sources/memory-source.ts";
import { type LedgerScope, nothingLearnt } from "../state/state-manager.ts";
import { BrokenItems } from "./broken-items.ts";
import type { ChangeBrake } from "./change-brake.ts";
import { rangeFor } from "./choose-range.ts";
import type { Reading } from "./reading.ts";
import { RunReport } from "./report.ts";
import { rowError } from "./retry-policy.ts";
import type { RunContext } from "./run-context.ts";
import { ShownMemories } from "./shown-memories.ts";
import { takeUp } from "./take-up.ts";

/** Walks through pages that have to agree before they are believed: the first and as many more. */
const mostWalks = 4;

/**
 * Reads a context's list and takes up what it shows. Between the pages of a list items may slip through, so where there is anything new it is
 * walked through until a walk shows nothing that the one before has missed.
 */
export async function readContext(run: RunContext, contextId: string, brake: ChangeBrake): Promise<Reading> {
  const scope = { connectorId: run.settings.connectorId, contextId };
  const previous = await run.state.getSyncState(scope);
  const learnt = previous?.learnt ?? nothingLearnt;
  const range = await rangeFor(run, run.settings, scope, previous, run.options);
  const startedAt = run.clock.now();
  const newBefore = run.report.counts.new;
  const shown = new ShownMemories();
  const broken = await BrokenItems.read(run, scope);
  let walk = await walkOnce(run, { scope, range, lore: learnt.lore, shown, broken, startedAt }, brake);
  const hasNews = run.report.counts.new > newBefore;
  for (let walks = 1; hasNews && walk.mayHaveDrifted && walk.truncated === null; walks += 1) {
    const again = { scope, range, lore: walk.lore, shown, broken, startedAt };
    walk = await walkOnce(uncounted(run), again, brake);
    if (walk.missedBefore === 0) break;
    if (walks === mostWalks) walk.truncated = restless;
  }
  if (walk.truncated !== null) reportTruncation(run, contextId, walk.truncated);
  const { seen, truncated, lore } = walk;
  return { scope, range, startedAt, shown, broken, seen, truncated, learnt: { ...learnt, lore }, previous };
}

const restless =
  "it changed whenever it was walked through, so that something may have slipped between its pages; the next run tries again";

/** Looks at the list once more, for what it shows and nothing else. Adds to what was shown; resolves to why it may not be everything. */
export async function lookAgain(
  run: RunContext,
  { scope, range, shown, learnt }: Reading,
): Promise<string | null> {
  const request = { contextId: scope.contextId, range, limit: run.settings.queryLimit, lore: learnt.lore };
  let truncated: string | null = null;
  for await (const page of run.source.list(request, run.signal)) {
    shown.add(page);
    truncated = page.truncated?.reason ?? null;
  }
  return truncated;
}

interface Walk {
  seen: number;
  truncated: string | null;
  lore: ListingLore | null;
  mayHaveDrifted: boolean;
  /** Memories from before the first walk that no earlier walk has shown. */
  missedBefore: number;
}

interface WalkRequest {
  scope: LedgerScope;
  range: QueryRange;
  lore: ListingLore | null;
  shown: ShownMemories;
  broken: BrokenItems;
  startedAt: number;
}

async function walkOnce(
  run: RunContext,
  { scope, range, lore, shown, broken, startedAt }: WalkRequest,
  brake: ChangeBrake,
): Promise<Walk> {
  const request = { contextId: scope.contextId, range, limit: run.settings.queryLimit, lore };
  const walk: Walk = { seen: 0, truncated: null, lore, mayHaveDrifted: false, missedBefore: 0 };
  for await (const page of run.source.list(request, run.signal)) {
    walk.seen += page.memories.length + page.malformed.length;
    const fresh = shown.without(page);
    walk.missedBefore += fresh.memories.filter(({ createdAt }) => Date.parse(createdAt) < startedAt).length;
    shown.add(page);
    broken.note(page);
    await takeUp(run, scope, fresh, brake);
    walk.truncated = page.truncated?.reason ?? null;
    walk.lore = page.lore ?? walk.lore;
    walk.mayHaveDrifted = page.mayHaveDrifted === true;
  }
  return walk;
}

/** What a further look finds, the first one has counted. */
export function uncounted(run: RunContext): RunContext {
  return { ...run, report: new RunReport(run.settings.connectorId, run.options, run.clock.now()) };
}

/** The list of a context is not complete, for this reason. */
export function reportTruncation(run: RunContext, contextId: string, reason: string): void {
  const message = `the list of context "${contextId}" is not complete: ${reason}`;
  run.report.truncated = message;
  run.report.addError(rowError(new ConnectorError("SOURCE_TRUNCATED", message)));
}
