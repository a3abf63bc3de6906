import type { State } from "../parts/state.tsx";
import { count, counted } from "../words/numbers.ts";
import type { ActiveRun, Run } from "./connector.ts";

const states: Readonly<Record<Run["outcome"], State>> = {
  running: { tone: "move", icon: "move", word: "Running" },
  success: { tone: "ok", icon: "ok", word: "Success" },
  partial: { tone: "wait", icon: "wait", word: "Partly" },
  failed: { tone: "fail", icon: "fail", word: "Failed" },
  cancelled: { tone: "rest", icon: "cancelled", word: "Cancelled" },
  interrupted: { tone: "fail", icon: "fail", word: "Interrupted" },
};

export const runState = ({ outcome }: Pick<Run, "outcome">): State => states[outcome];

const triggers: Readonly<Record<Run["trigger"], string>> = {
  cli: "from the command line",
  schedule: "on schedule",
  api: "asked for by hand",
  catch_up: "for a due time that had passed",
};

/** `on schedule` */
export const triggerText = ({ trigger }: Pick<Run, "trigger">): string => triggers[trigger];

/** `3 new, 1 changed, all proved` */
export function runText({ counts, outcome }: Pick<Run, "counts" | "outcome">): string {
  const { new: fresh, changed, processed, failed, dead, deleted, waiting } = counts;
  const parts = [
    ...(fresh > 0 ? [`${count(fresh)} new`] : []),
    ...(changed > 0 ? [`${count(changed)} changed`] : []),
    ...(processed > 0 ? [`${count(processed)} proved`] : []),
    ...(deleted > 0 ? [`${count(deleted)} removed`] : []),
    ...(dead > 0 ? [`${counted(dead, "dead letter")}`] : []),
    ...(failed > 0 ? [`${count(failed)} to try again`] : []),
    ...(waiting > 0 ? [`${count(waiting)} left for later`] : []),
  ];
  if (parts.length > 0) return parts.join(", ");
  return outcome === "running" ? "under way" : outcome === "success" ? "nothing new" : "nothing was sent";
}

/** `214 of 380 settled`, of a run under way. */
export function settledText({ done, left }: Pick<ActiveRun, "done" | "left">): string {
  return done === null || left === null ? "under way" : `${count(done)} of ${count(done + left)} settled`;
}
