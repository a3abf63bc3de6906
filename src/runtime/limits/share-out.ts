import type { SharePart } from "../../state/record-stores.ts";

export interface ShareAsk {
  process: string;
  place: string;
  /** Of all processes together. */
  limit: number;
  /** Whether parts are whole numbers. */
  isWhole: boolean;
  /** What cannot be given up now. */
  used: number;
  isGone: (other: SharePart) => boolean;
  /** Decides who has what cannot be divided evenly: another one each turn. */
  turn: number;
}

/**
 * The parts after a process has taken, or given up, so much that its part comes nearest to an even one. The parts of those that are there are never more
 * than the limit together, so that whoever comes later waits until another one has given up what is its due. Pure.
 */
export function shareOut(parts: readonly SharePart[], ask: ShareAsk): SharePart[] {
  const others = parts.filter((each) => each.process !== ask.process && !ask.isGone(each));
  const taken = others.reduce((sum, { part }) => sum + part, 0);
  const due = dueOf([...others.map(({ process }) => process), ask.process], ask);
  // A rate of less than a call in years is what is left by rounding.
  const left = ask.limit - taken < 1e-9 ? 0 : ask.limit - taken;
  const part = Math.max(ask.used, Math.min(due, left));
  return [...others, { process: ask.process, place: ask.place, part }];
}

function dueOf(processes: string[], { process, limit, isWhole, turn }: ShareAsk): number {
  const count = processes.length;
  if (!isWhole) return limit / count;
  const rank = (processes.toSorted().indexOf(process) + turn) % count;
  return Math.floor(limit / count) + (rank < limit % count ? 1 : 0);
}
