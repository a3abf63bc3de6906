import { plural } from "../kernel/util/readable.ts";
import { dayShown } from "../kernel/util/time-zone.ts";

/** A time that an item says, as it is understood (RFC 3339 in UTC) and, where it is known, as it is written. */
interface SaidTime {
  at: string;
  written?: string | undefined;
}

/** The items of a list that were looked at. */
export interface LookedAt {
  looked: number;
  /** Of the items that say one, in the order of the list. */
  times: readonly SaidTime[];
  /** By whose clocks days are told. */
  timeZone: string;
  /** Whether these are all that the list has. */
  isAll?: boolean;
  /** How people call an item, and several. */
  names?: readonly [string, string];
}

/**
 * What the items of a list say of their times, for people: how many say one, an example of how it is understood, and the days of the earliest and
 * the latest.
 */
export function timesText(all: LookedAt): string {
  const { looked, times, isAll = false, names = ["item", "items"] } = all;
  const [one, many] = names;
  if (looked === 0) return `there are no ${many} yet`;
  const which = isAll ? "" : "first ";
  const items = looked === 1 ? `the ${which || "only "}${one}` : `the ${which}${plural(looked, one, many)}`;
  const [first] = times;
  if (first === undefined) return looked === 1 ? `${items} says no time` : `none of ${items} says a time`;
  const count = times.length === looked ? "all" : times.length;
  const who = looked === 1 ? `${items} says` : `${count} of ${items} say`;
  const written = first.written ? `${JSON.stringify(first.written.slice(0, 60))}, which is ` : "";
  return `${who} a time, such as ${written}${first.at}${spanOf(all)}`;
}

function spanOf({ times, timeZone }: LookedAt): string {
  const instants = times.map(({ at }) => Date.parse(at)).toSorted((one, other) => one - other);
  const [earliest, latest] = [instants[0], instants.at(-1)].map((at) => dayShown(at ?? 0, timeZone));
  return earliest === latest ? "" : `; they go from ${earliest} to ${latest}`;
}
