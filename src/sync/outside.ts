import { isConnectorError } from "../errors/connector-error.ts";
import type { Memory } from "../memory/memory.ts";
import type { Reading } from "./reading.ts";
import { notice, type RunContext } from "./run-context.ts";

const day = 86_400_000;

/**
 * With a fixed range, counts the memories of the source that lie outside of it and were never taken up, so that a person hears of them. Asks for
 * the whole list, so it does so once a day.
 */
export async function countOutside(run: RunContext, reading: Reading): Promise<void> {
  const { settings, clock } = run;
  if (settings.queryRange === "auto" || settings.queryRange === "all") return;
  const before = reading.learnt.outside;
  const now = clock.now();
  if (before === null || now - before.at >= (settings.fullLookMs ?? day) || before.at > now) {
    const count = reading.range === "all" ? 0 : await countOf(run, reading);
    if (count !== null) reading.learnt = { ...reading.learnt, outside: { count, at: now } };
  }
  run.report.outside += reading.learnt.outside?.count ?? 0;
}

/** Null when the source does not tell; a run does not fail for that. */
async function countOf(run: RunContext, { scope, shown, learnt }: Reading): Promise<number | null> {
  const request = {
    contextId: scope.contextId,
    range: "all",
    limit: run.settings.queryLimit,
    lore: learnt.lore,
  } as const;
  let count = 0;
  try {
    for await (const { memories } of run.source.list(request, run.signal))
      count += await countUnknown(
        run,
        scope,
        memories.filter(({ id }) => !shown.has(id)),
      );
    return count;
  } catch (error) {
    if (!isConnectorError(error) || run.signal.aborted) throw error;
    notice(run, `what lies outside of query_range could not be counted: ${error.message}`);
    return null;
  }
}

async function countUnknown(
  { state }: Pick<RunContext, "state">,
  scope: Reading["scope"],
  memories: readonly Memory[],
): Promise<number> {
  const known = await state.getRows(
    scope,
    memories.map(({ id }) => id),
  );
  return memories.length - known.size;
}
