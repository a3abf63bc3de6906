import { unfinishedStatuses } from "../../domain/ledger-row.ts";
import { readableDuration } from "../../kernel/util/readable.ts";
import { runTogether } from "../../kernel/util/run-together.ts";
import { allRows } from "../../state/ledger-rows.ts";
import { AdmissionControl } from "../guards/admission.ts";
import { sentSummary } from "../render-document.ts";
import { AcceptanceProbe } from "./acceptance-probe.ts";
import { adoptHeld } from "./adopt-held.ts";
import { BatchSize } from "./batch-size.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import { bringForward, bringImplausibleForward, hasGatheringRows, retryDueFailures } from "./due.ts";
import { InFlightWindow, inFlight } from "./in-flight-window.ts";
import { FailureStreak, ModelBackoff } from "./model-backoff.ts";
import { removeOldDocuments } from "./removals.ts";
import { batchSizeOf, type Submission, submitPending } from "./submit.ts";
import { Verifier } from "./verify.ts";

/** Rows that are only discovered wait until the source shows them. */
const workable = unfinishedStatuses.filter((status) => status !== "discovered");

/** Shorter waits cause no notice. */
const minNoticeMs = 2_000;
/** A server may request a longer wait than the longest backoff. */
const maxRestMs = 60_000;

/**
 * Completes every unfinished row of the connector. What LightRAG holds already is adopted first; then, in rounds: old documents are removed first, because LightRAG refuses deletions
 * while it is busy, then rows are submitted and verified concurrently, then due failures are retried. Ends when nothing is left to
 * do in this run, or the day's budget is spent.
 */
export async function deliver(parts: DeliverParts, signal: AbortSignal): Promise<void> {
  const backoff = new ModelBackoff({
    pauseMs: parts.settings.modelPauseMs,
    maxPauses: parts.settings.maxModelPauses,
    clock: parts.clock,
    onPause: (ms, reason) =>
      parts.events.emit("run:notice", {
        message: `LightRAG's model is not available, deliveries rest for ${Math.ceil(ms / 1000)} s: ${reason}`,
        waitMs: ms,
      }),
  });
  const streak = new FailureStreak(parts.sink);
  const admission = new AdmissionControl(parts);
  const size = new BatchSize(batchSizeOf(parts));
  const probe = new AcceptanceProbe();
  if (parts.options.force) await bringForward(parts, parts.clock.now());
  else await bringImplausibleForward(parts);
  await adoptHeld(parts, signal);
  for (;;) {
    await backoff.wait(signal);
    await retryDueFailures(parts);
    await admission.extend();
    const restMs = await removeOldDocuments(parts, admission, signal);
    await submitAndVerify(parts, streak, { backoff, admission, size, probe, signal });
    parts.report.putsOff = admission.putsOff || (await hasGatheringRows(parts));
    parts.report.budgetSpent = admission.isSpent;
    const waitMs = restMs ?? (await nextWorkIn(parts, admission));
    if (waitMs === null || !parts.options.wait) return;
    await waitForWork(parts, waitMs, signal);
  }
}

async function submitAndVerify(
  parts: DeliverParts,
  streak: FailureStreak,
  round: Omit<Submission, "window">,
): Promise<void> {
  const window = new InFlightWindow(parts.settings.maxInFlight, parts.places);
  const verifier = new Verifier(parts, window, { backoff: round.backoff, streak });
  await runTogether(round.signal, [
    async (signal) => {
      await watchUnproved(parts, window, signal);
      await submitPending(parts, { ...round, window, signal });
      verifier.finish();
    },
    (signal) => verifier.verify(signal),
  ]).finally(() => window.close());
}

/** Waits until the next row is due; a notice says why nothing happens. */
async function waitForWork(parts: DeliverParts, waitMs: number, signal: AbortSignal): Promise<void> {
  const boundedMs = Math.min(waitMs, Math.max(maxRestMs, parts.settings.retry.maxBackoffMs));
  if (boundedMs >= minNoticeMs)
    parts.events.emit("run:notice", {
      message: `waits ${readableDuration(boundedMs)} for the next try of what has failed or was put off`,
      waitMs: boundedMs,
    });
  await parts.clock.sleep(boundedMs, signal);
  if (boundedMs < waitMs) await bringImplausibleForward(parts);
}

/** Documents that an earlier run submitted and LightRAG is still processing occupy the window again. */
async function watchUnproved(
  parts: DeliverParts,
  window: InFlightWindow,
  signal: AbortSignal,
): Promise<void> {
  if (!parts.options.wait) return;
  const query = { connectorId: parts.settings.connectorId, statuses: ["submitted"] } as const;
  for await (const row of allRows(parts.state, query)) {
    await window.reserve(1, signal);
    await window.enter(1, signal);
    window.add(inFlight(row, sentSummary(parts, row), parts.clock.monotonic()));
  }
}

/** Milliseconds until the next row can be processed; null when none is left for this run. */
async function nextWorkIn(parts: DeliverParts, admission: AdmissionControl): Promise<number | null> {
  if (admission.isSpent) return null;
  const isReady = admission.isLimited ? admission.extendedBy > 0 : await hasReadyRows(parts);
  if (isReady) return 0;
  const next = await parts.state.earliestAttempt(parts.settings.connectorId, ["failed", "deleting"]);
  if (next === null) return null;
  const waitMs = next - parts.clock.now();
  // What is later than any wait for a retry gathers notes: a later run goes on with it.
  const isLater = waitMs > parts.settings.retry.maxBackoffMs && (await hasGatheringRows(parts));
  return isLater ? null : Math.max(0, waitMs);
}

async function hasReadyRows({ state, settings, clock }: DeliverParts): Promise<boolean> {
  const query = { connectorId: settings.connectorId, statuses: workable, dueBefore: clock.now() };
  const ready = await state.pageRows(query, { limit: 1 });
  return ready.rows.length > 0;
}
