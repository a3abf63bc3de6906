import { allRows } from "../state/all-rows.ts";
import { unfinishedStatuses } from "../state/ledger-row.ts";
import { runTogether } from "../util/run-together.ts";
import { Allowance } from "./allowance.ts";
import { InFlightWindow, inFlight } from "./in-flight-window.ts";
import { ModelLane } from "./model-lane.ts";
import { removeOldDocuments, takeUpFailures } from "./removals.ts";
import { notice, type RunContext } from "./run-context.ts";
import { submitPending } from "./submit.ts";
import { Verifier } from "./verify.ts";

/** What is only discovered waits for the source to show it. */
const workable = unfinishedStatuses.filter((status) => status !== "discovered");

/**
 * Brings every unfinished row of the connector to its end, in rounds: old documents out of the way first, because LightRAG refuses
 * deletions while it is busy, then submit and verify side by side, then the failures whose wait is over. Ends when nothing is left
 * that could be done in this run, or the day's budget is spent.
 */
export async function deliver(run: RunContext): Promise<void> {
  const lane = new ModelLane({
    pauseMs: run.settings.modelPauseMs,
    maxPauses: run.settings.maxModelPauses,
    clock: run.clock,
    onPause: (ms, reason) =>
      notice(
        run,
        `LightRAG's model is not available, deliveries rest for ${Math.ceil(ms / 1000)} s: ${reason}`,
      ),
  });
  const allowance = new Allowance(run);
  for (;;) {
    await lane.pass(run.signal);
    await takeUpFailures(run);
    await allowance.extend();
    const restMs = await removeOldDocuments(run, allowance);
    await submitAndVerify(run, lane, allowance);
    run.report.putsOff = allowance.putsOff;
    const waitMs = restMs ?? (await nextWorkIn(run, allowance));
    if (waitMs === null || !run.options.wait) return;
    await run.clock.sleep(waitMs, run.signal);
  }
}

async function submitAndVerify(run: RunContext, lane: ModelLane, allowance: Allowance): Promise<void> {
  const window = new InFlightWindow(run.settings.maxInFlight);
  const verifier = new Verifier(run, window, lane);
  await runTogether(run.signal, [
    async (signal) => {
      await watchUnproved({ ...run, signal }, window);
      await submitPending({ ...run, signal }, window, lane, allowance);
      verifier.finish();
    },
    (signal) => verifier.verify(signal),
  ]);
}

/** What an earlier run handed over and LightRAG is still working on takes its place in the window again. */
async function watchUnproved(run: RunContext, window: InFlightWindow): Promise<void> {
  if (!run.options.wait) return;
  const query = { connectorId: run.settings.connectorId, statuses: ["submitted"] } as const;
  for await (const row of allRows(run.state, query)) {
    await window.reserve(1, run.signal);
    window.add(inFlight(row, null, run.clock.monotonic()));
  }
}

/** In how many milliseconds the next row can be worked on; null when none is left for this run. */
async function nextWorkIn(run: RunContext, allowance: Allowance): Promise<number | null> {
  if (allowance.isSpent) return null;
  const isReady = allowance.isLimited ? allowance.extendedBy > 0 : await hasReadyRows(run);
  if (isReady) return 0;
  const next = await run.state.earliestAttempt(run.settings.connectorId, ["failed", "deleting"]);
  return next === null ? null : Math.max(0, next - run.clock.now());
}

async function hasReadyRows({ state, settings, clock }: RunContext): Promise<boolean> {
  const query = { connectorId: settings.connectorId, statuses: workable, dueBefore: clock.now() };
  const ready = await state.pageRows(query, { limit: 1 });
  return ready.rows.length > 0;
}
