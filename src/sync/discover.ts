import { ConnectorError } from "../errors/connector-error.ts";
import type { QueryRange } from "../memory/memory-source.ts";
import { chooseRange } from "../memory/query-range.ts";
import { type LedgerScope, nothingLearnt } from "../state/state-manager.ts";
import { BrokenItems } from "./broken-items.ts";
import { rebuildDoubtedGroups } from "./groups.ts";
import { judgeMissing, ShownMemories } from "./missing.ts";
import { RunReport } from "./report.ts";
import { ResendBrake } from "./resend-brake.ts";
import { rowError } from "./retry-policy.ts";
import type { RunContext } from "./run-context.ts";
import type { RunOptions } from "./sync-settings.ts";
import { takeUp } from "./take-up.ts";
import { advanceWatermark, isFiltered, type Listing } from "./watermark.ts";

/**
 * Reads the source and writes down what is new, changed or filtered out. Nothing is sent to LightRAG here. Throws `RUN_HELD` when
 * too many delivered memories would be sent again.
 */
export async function discover(run: RunContext): Promise<void> {
  await rebuildDoubtedGroups(run);
  const brake = new ResendBrake(run);
  const listings = await readContexts(run, brake);
  if (!(await brake.release())) await readContexts(uncounted(run), brake);
  if (isFiltered(run.options.filter)) return;
  for (const { scope, listing, range, shown, broken } of listings) {
    const { startedAt, truncated } = listing;
    if (truncated === null) await broken.settle(range);
    const doubt = truncated ?? (await judgeMissing(run, { scope, range, startedAt, shown }));
    await advanceWatermark(run, scope, { ...listing, truncated: doubt });
  }
}

/** What a second look finds, the first one has counted. */
function uncounted(run: RunContext): RunContext {
  return { ...run, report: new RunReport(run.settings.connectorId, run.options, run.clock.now()) };
}

async function readContexts(run: RunContext, brake: ResendBrake): Promise<ReadContext[]> {
  const contexts: ReadContext[] = [];
  for (const contextId of run.settings.contextIds) contexts.push(await readContext(run, contextId, brake));
  return contexts;
}

interface ReadContext {
  scope: LedgerScope;
  range: QueryRange;
  listing: Listing;
  /** Empty where nobody will ask. */
  shown: ShownMemories;
  broken: BrokenItems;
}

async function readContext(run: RunContext, contextId: string, brake: ResendBrake): Promise<ReadContext> {
  const scope = { connectorId: run.settings.connectorId, contextId };
  const state = await run.state.getSyncState(scope);
  const startedAt = run.clock.now();
  const range = chooseRange(
    readsAll(run.options) ? "all" : run.settings.queryRange,
    state?.watermark ?? null,
    startedAt,
  );
  let seen = 0;
  const shown = new ShownMemories();
  const broken = await BrokenItems.read(run, scope);
  const isJudged = run.settings.deletions.policy !== "ignore" && !isFiltered(run.options.filter);
  let truncated: string | null = null;
  const known = state?.learnt ?? nothingLearnt;
  let { lore } = known;
  for await (const page of run.source.list(
    { contextId, range, limit: run.settings.queryLimit, lore },
    run.signal,
  )) {
    seen += page.memories.length + page.malformed.length;
    if (isJudged) shown.add(page);
    broken.note(page);
    await takeUp(run, scope, page, brake);
    truncated = page.truncated?.reason ?? null;
    lore = page.lore ?? lore;
  }
  if (truncated !== null) reportTruncation(run, contextId, truncated);
  return {
    scope,
    range,
    shown,
    broken,
    listing: { startedAt, seen, truncated, learnt: { ...known, lore }, previous: state },
  };
}

function readsAll({ filter, wholeSource }: RunOptions): boolean {
  return wholeSource === true || isFiltered(filter);
}

function reportTruncation(run: RunContext, contextId: string, reason: string): void {
  const error = new ConnectorError(
    "SOURCE_TRUNCATED",
    `the list of context "${contextId}" is not complete: ${reason}`,
    {
      subject: contextId,
    },
  );
  run.report.truncated = error.message;
  run.report.addError(rowError(error));
}
