import type { RunErrorGroup, RunRecord } from "../../domain/run-record.ts";
import { mayQuote } from "../../kernel/errors/codes.ts";
import { plural, readableDuration, readableInstant } from "../../kernel/util/readable.ts";
import type { AlertRule, AlertRuleName } from "./alert-rule.ts";
import { type ConnectorSignals, heldError, type ServerSignals, type Signals } from "./signals.ts";

/**
 * - `firing`  the condition holds; the problem, for people: a title and details
 * - `fine`    it does not hold
 * - `unknown` nothing is known that would change the previous result
 */
export type AlertEvaluation =
  | { state: "firing"; title: string; text: string }
  | { state: "fine" }
  | { state: "unknown" };

const fine: AlertEvaluation = { state: "fine" };
const unknown: AlertEvaluation = { state: "unknown" };

type Evaluator<F extends Signals> = (signals: F, limit: number, now: number) => AlertEvaluation;

const connectorRules: Readonly<Record<Exclude<AlertRuleName, "breaker_open">, Evaluator<ConnectorSignals>>> =
  {
    consecutive_failures: ({ connectorId, failuresInARow, lastRun }, limit) =>
      failuresInARow < limit
        ? fine
        : firing(`${plural(failuresInARow, "run")} of ${connectorId} failed in a row`, reasonOf(lastRun)),

    no_sync_for_hours: ({ connectorId, isPaused, lastSyncAt, knownSince, lastRun }, limit, now) => {
      const since = lastSyncAt ?? knownSince;
      if (isPaused || since === null) return unknown;
      if (now - since < limit) return fine;
      const last =
        lastSyncAt === null ? "It never has." : `The last time was ${readableInstant(lastSyncAt)}.`;
      const title = `${connectorId} has not synced for ${readableDuration(now - since)}`;
      return firing(title, last, reasonOf(lastRun));
    },

    dead_letters_over: ({ connectorId, deadLetters }, limit) =>
      deadLetters <= limit
        ? fine
        : firing(
            `${connectorId} has ${plural(deadLetters, "dead letter")}`,
            `These memories are not tried again without a person: \`memory-connector dead-letters list --connector-id ${connectorId}\``,
          ),

    media_waiting_over: ({ connectorId, lastRun }, limit) => {
      if (lastRun === null || !cameToItsEnd(lastRun)) return unknown;
      const { waitingForMedia = 0, errors } = lastRun;
      if (waitingForMedia <= limit) return fine;
      const error = errors.find(({ code }) => /^(?:MEDIA|MODEL)_/u.test(code));
      const title = `${waits(waitingForMedia)} in ${connectorId} for audio or a picture`;
      return firing(title, error === undefined ? "" : errorText(error));
    },

    stale: ({ connectorId, isPaused, unfinished, waitingSince, lastMovedAt, lastRun }, limit, now) => {
      if (isPaused) return unknown;
      if (waitingSince === null || unfinished <= putOffBy(lastRun)) return fine;
      const since = Math.max(waitingSince, lastMovedAt ?? 0);
      if (now - since < limit) return fine;
      const moved =
        lastMovedAt === null
          ? "No memory was ever processed."
          : `The last one moved ${readableInstant(lastMovedAt)}.`;
      return firing(
        `nothing has moved in ${connectorId} for ${readableDuration(now - since)}`,
        `${waits(unfinished)}. ${moved}`,
      );
    },

    truncated: ({ connectorId, truncated }) =>
      truncated === null
        ? fine
        : firing(
            `the source does not show all memories of ${connectorId}`,
            `${truncated}. Raise the connector's query_limit or the source's own limits, or memories are missed.`,
          ),

    budget_spent: ({ connectorId, lastRun }) => {
      if (lastRun === null || !cameToItsEnd(lastRun)) return unknown;
      const { waiting } = lastRun.counts;
      if (lastRun.budgetSpent !== true) return fine;
      return firing(
        `the budget of ${connectorId} for today is used up`,
        `${waits(waiting)} for the next day.`,
      );
    },

    resend_ratio: ({ connectorId, lastRun, heldRatio }, limit) => {
      const error = heldError(lastRun);
      if (error === null) return lastRun !== null && cameToItsEnd(lastRun) ? fine : unknown;
      if (heldRatio === null || heldRatio * 100 < limit) return fine;
      return firing(`a brake held a run of ${connectorId}`, errorText(error));
    },
  };

const breakerOpen: Evaluator<ServerSignals> = ({ name, state, lastError, until }) => {
  if (state === "unknown") return unknown;
  if (state === "answers") return fine;
  const next = until === null ? "One request is trying it." : `The next try is at ${readableInstant(until)}.`;
  return firing(`${name} fails and is left alone`, `Last error: ${lastError ?? "unknown"}. ${next}`);
};

/** Whether a rule's condition holds. Pure. `now` is milliseconds since the epoch. */
export function evaluate(rule: AlertRule, signals: Signals, now: number): AlertEvaluation {
  if (signals.kind === "server")
    return rule.name === "breaker_open" ? breakerOpen(signals, rule.limit, now) : unknown;
  return rule.name === "breaker_open" ? unknown : connectorRules[rule.name](signals, rule.limit, now);
}

/** Whether a rule watches this connector or server. Servers belong to no connector: they are shared. */
export function watches({ name, connectors }: AlertRule, signals: Signals): boolean {
  if (signals.kind === "server") return name === "breaker_open";
  return name !== "breaker_open" && (connectors === null || connectors.includes(signals.connectorId));
}

function firing(title: string, ...lines: readonly string[]): AlertEvaluation {
  return { state: "firing", title, text: lines.filter((line) => line !== "").join("\n") };
}

/** An aborted run says nothing about the phases that it did not reach. */
function cameToItsEnd({ outcome }: RunRecord): boolean {
  return outcome === "success" || outcome === "partial";
}

/** Errors of the last run; empty when there were none. */
function reasonOf(run: RunRecord | null): string {
  const [error] = run?.errors ?? [];
  return error === undefined ? "" : errorText(error);
}

function errorText({ code, message, hint }: RunErrorGroup): string {
  return mayQuote(code) ? `${code}: ${hint}` : `${code}: ${message} · ${hint}`;
}

/** Memories that the run has put off on purpose, to the next day's budget or to their turn in a backfill: they are not stuck. */
function putOffBy(run: RunRecord | null): number {
  return run !== null && cameToItsEnd(run) ? run.counts.waiting : 0;
}

function waits(count: number): string {
  return count === 1 ? "1 memory waits" : `${plural(count, "memory", "memories")} wait`;
}
