import { unfinishedStatuses } from "../../domain/ledger-row.ts";
import { readableDuration } from "../../kernel/util/readable.ts";
import { runTogether } from "../../kernel/util/run-together.ts";
import { allRows } from "../../state/all-rows.ts";
import { AdmissionControl } from "../guards/admission.ts";
import { sentSummary } from "../render-document.ts";
import type { RunContext } from "../run-context.ts";
import { BatchSize } from "./batch-size.ts";
import { bringFarOnesForward, bringForward, retryDueFailures } from "./due.ts";
import { FailureStreak } from "./failure-streak.ts";
import { InFlightWindow, inFlight } from "./in-flight-window.ts";
import { ModelBackoff } from "./model-backoff.ts";
import { removeOldDocuments } from "./removals.ts";
import { batchSizeOf, type SubmitParts, submitPending } from "./submit.ts";
import { Verifier } from "./verify.ts";
import { Witness } from "./witness.ts";

/** What is only discovered waits for the source to show it. */
const workable = unfinishedStatuses.filter((status) => status !== "discovered");

/** Shorter waits pass without a word. */
const toldFromMs = 2_000;
/** A server may ask for a longer rest than the longest back-off. */
const longestRestMs = 60_000;

/**
 * Brings every unfinished row of the connector to its end, in rounds: old documents out of the way first, because LightRAG refuses
 * deletions while it is busy, then submit and verify side by side, then the failures whose wait is over. Ends when nothing is left
 * that could be done in this run, or the day's budget is spent.
 */
export async function deliver(run: RunContext): Promise<void> {
  const backoff = new ModelBackoff({
    pauseMs: run.settings.modelPauseMs,
    maxPauses: run.settings.maxModelPauses,
    clock: run.clock,
    onPause: (ms, reason) =>
      run.events.emit("run:notice", {
        message: `LightRAG's model is not available, deliveries rest for ${Math.ceil(ms / 1000)} s: ${reason}`,
      }),
  });
  const streak = new FailureStreak(run.sink);
  const admission = new AdmissionControl(run);
  const size = new BatchSize(batchSizeOf(run));
  const witness = new Witness();
  if (run.options.force) await bringForward(run, run.clock.now());
  else await bringFarOnesForward(run);
  for (;;) {
    await backoff.wait(run.signal);
    await retryDueFailures(run);
    await admission.extend();
    const restMs = await removeOldDocuments(run, admission);
    await submitAndVerify(run, streak, { backoff, admission, size, witness });
    run.report.putsOff = admission.putsOff;
    const waitMs = restMs ?? (await nextWorkIn(run, admission));
    if (waitMs === null || !run.options.wait) return;
    await rest(run, waitMs);
  }
}

async function submitAndVerify(
  run: RunContext,
  streak: FailureStreak,
  parts: Omit<SubmitParts, "window">,
): Promise<void> {
  const window = new InFlightWindow(run.settings.maxInFlight);
  const verifier = new Verifier(run, window, { backoff: parts.backoff, streak });
  await runTogether(run.signal, [
    async (signal) => {
      await watchUnproved({ ...run, signal }, window);
      await submitPending({ ...run, signal }, { ...parts, window });
      verifier.finish();
    },
    (signal) => verifier.verify(signal),
  ]);
}

/** Waits for what can be done next; whoever looks on is told why nothing happens. */
async function rest(run: RunContext, waitMs: number): Promise<void> {
  const boundedMs = Math.min(waitMs, Math.max(longestRestMs, run.settings.retry.maxBackoffMs));
  if (boundedMs >= toldFromMs)
    run.events.emit("run:notice", {
      message: `waits ${readableDuration(boundedMs)} for the next try of what has failed or was put off`,
    });
  await run.clock.sleep(boundedMs, run.signal);
  if (boundedMs < waitMs) await bringFarOnesForward(run);
}

/** What an earlier run handed over and LightRAG is still working on takes its place in the window again. */
async function watchUnproved(run: RunContext, window: InFlightWindow): Promise<void> {
  if (!run.options.wait) return;
  const query = { connectorId: run.settings.connectorId, statuses: ["submitted"] } as const;
  for await (const row of allRows(run.state, query)) {
    await window.reserve(1, run.signal);
    window.add(inFlight(row, sentSummary(run, row), run.clock.monotonic()));
  }
}

/** In how many milliseconds the next row can be worked on; null when none is left for this run. */
async function nextWorkIn(run: RunContext, admission: AdmissionControl): Promise<number | null> {
  if (admission.isSpent) return null;
  const isReady = admission.isLimited ? admission.extendedBy > 0 : await hasReadyRows(run);
  if (isReady) return 0;
  const next = await run.state.earliestAttempt(run.settings.connectorId, ["failed", "deleting"]);
  return next === null ? null : Math.max(0, next - run.clock.now());
}

async function hasReadyRows({ state, settings, clock }: RunContext): Promise<boolean> {
  const query = { connectorId: settings.connectorId, statuses: workable, dueBefore: clock.now() };
  const ready = await state.pageRows(query, { limit: 1 });
  return ready.rows.length > 0;
}
