import type { State } from "../parts/state.tsx";
import { count, counted } from "../words/numbers.ts";
import { scheduleText } from "../words/reasons.ts";
import { saysSame, sentence } from "../words/text.ts";
import { duration, moment, roughly } from "../words/time.ts";
import type { ActiveRun, Standing } from "./connector.ts";
import { settledText } from "./run-state.ts";

/** In the order in which rows are shown: trouble first. */
export const ranks = ["needs you", "waits", "at work", "fine", "at rest"] as const;

/** A connector in words: never a state without its reason. */
export interface ConnectorState extends State {
  rank: (typeof ranks)[number];
  why: string;
  /** How many of its memories wait for a person, whatever it does itself. */
  forPerson: number;
}

/** What the connector does itself. */
type Doing = Omit<ConnectorState, "forPerson">;

const failed = { tone: "fail", icon: "fail", rank: "needs you" } as const;
const waiting = { tone: "wait", icon: "wait", rank: "waits" } as const;
const working = { tone: "move", icon: "move", rank: "at work" } as const;
const resting = { tone: "rest", icon: "rest", rank: "at rest" } as const;
const fine = { tone: "ok", icon: "ok", rank: "fine" } as const;

/** What a connector says about itself now. The first rule that fits holds. */
export function stateOf(status: Standing, now: number): ConnectorState {
  const doing =
    workingState(status, now) ??
    heldState(status, now) ??
    restingState(status, now) ??
    troubleState(status, now) ??
    quietState(status, now);
  return { ...doing, forPerson: deadOf(status) };
}

/** Dead letters, and audio and pictures that their model could not read. */
const deadOf = ({ memories, deadMedia }: Pick<Standing, "memories" | "deadMedia">): number =>
  (memories.dead ?? 0) + deadMedia;

function workingState({ activeRun, memories }: Standing, now: number): Doing | null {
  if (activeRun === null) return null;
  const { waits, startedAt, phase } = activeRun;
  if (waits !== null)
    return { ...waiting, word: `Waits until ${moment(waits.until, now)}`, why: sentence(waits.reason) };
  if (startedAt === null)
    return { ...waiting, word: "Queued", why: "It waits for its turn behind other runs." };
  if (phase === "deliver")
    return { ...working, word: "Delivers", why: progressText(activeRun, memories.submitted ?? 0) };
  if (phase === "discover") return { ...working, word: "Reads", why: "The source is being read." };
  return { ...working, word: "Begins", why: sentence(activeRun.process ?? "both ends are looked at") };
}

/** `214 of 380 settled, about 15 min left` */
export function progressText(
  { done, left, secondsLeft, documentsPerMinute }: ActiveRun,
  inFlight: number,
): string {
  if (done === null || left === null) return "It has begun to deliver.";
  const parts = [
    settledText({ done, left }),
    ...(inFlight > 0 && left > 0 ? [`${count(Math.min(inFlight, left))} on their way`] : []),
    ...(secondsLeft !== null ? [`${roughly(secondsLeft * 1000)} left`] : []),
    ...(documentsPerMinute === 0 && left > 0 ? ["none settled in the last minute"] : []),
  ];
  return `${parts.join(", ")}.`;
}

function heldState({ overdueSince, budget }: Standing, now: number): Doing | null {
  if (overdueSince !== null)
    return {
      ...failed,
      word: `Overdue since ${moment(overdueSince, now)}`,
      why: "No service runs that schedules it, or it is at its limit.",
    };
  if (budget !== null && budget.spentOut !== null && budget.waiting > 0)
    return {
      ...waiting,
      word: "Waits for tomorrow",
      why: `Today’s budget of ${budget.spentOut} is spent; ${counted(budget.waiting, "memory waits", "memories wait")}.`,
    };
  return null;
}

function restingState(status: Standing, now: number): Doing | null {
  const { enabled, pausedAt, lastRun } = status;
  if (!enabled) return { ...resting, word: "Switched off", why: "Its configuration says `enabled: false`." };
  if (pausedAt !== null)
    return {
      ...resting,
      word: "Paused",
      why: pausedText(status, now),
    };
  if (lastRun === null)
    return { ...resting, icon: "never", word: "Never ran", why: firstRunText(status, now) };
  return null;
}

/** In the words of whoever paused it, where there are any. */
function pausedText(
  { pausedAt, pauseNote }: Pick<Standing, "pausedAt" | "pauseNote" | "nextRunAt" | "schedule">,
  now: number,
): string {
  const since = `Since ${moment(pausedAt ?? now, now)}`;
  return pauseNote === null
    ? `${since}. Nothing is due until it is resumed.`
    : `${since}: ${sentence(pauseNote)}`;
}

function firstRunText(
  { nextRunAt, schedule }: Pick<Standing, "pausedAt" | "pauseNote" | "nextRunAt" | "schedule">,
  now: number,
): string {
  return nextRunAt === null
    ? `It runs ${scheduleText(schedule)}.`
    : `Its first run is due at ${moment(nextRunAt, now)}.`;
}

function troubleState({ lastRun }: Standing, now: number): Doing | null {
  if (lastRun === null) return null;
  const [first] = lastRun.errors;
  const at = moment(lastRun.startedAt, now);
  const words = first
    ? [first.message, ...(saysSame(first.message, first.hint) ? [] : [first.hint])].map(sentence).join(" ")
    : `Its run of ${at} says no more.`;
  if (lastRun.outcome === "failed") return { ...failed, word: "Failed", why: words };
  if (lastRun.outcome === "interrupted")
    return { ...failed, word: "Interrupted", why: `${words} Nothing is lost; the next run goes on.` };
  if (lastRun.outcome === "partial" && lastRun.counts.failed > 0)
    return {
      ...waiting,
      word: "Tries again",
      why: `${counted(lastRun.counts.failed, "memory is", "memories are")} tried again. ${words}`,
    };
  if (lastRun.outcome === "cancelled")
    return {
      ...resting,
      icon: "cancelled",
      word: "Cancelled",
      why: `Its run of ${at} was cancelled; the next one goes on from there.`,
    };
  return null;
}

function quietState(status: Standing, now: number): Doing {
  const { lastRun } = status;
  const dead = deadOf(status);
  if (dead > 0)
    return {
      ...fine,
      word: "Up to date",
      why: `${counted(dead, "memory waits", "memories wait")} for a person; everything else is proved.`,
    };
  return { ...fine, word: "Up to date", why: lastRunText(lastRun, now) };
}

function lastRunText(lastRun: Standing["lastRun"], now: number): string {
  if (lastRun === null) return "";
  const { counts, startedAt, endedAt } = lastRun;
  const changes = [
    ...(counts.new > 0 ? [counted(counts.new, "new memory", "new memories")] : []),
    ...(counts.changed > 0 ? [`${count(counts.changed)} changed`] : []),
  ];
  const took = endedAt === null ? [] : [duration(Date.parse(endedAt) - Date.parse(startedAt))];
  return `Last run ${[moment(startedAt, now), ...(changes.length > 0 ? changes : ["nothing new"]), ...took].join(", ")}.`;
}
