/** A time that an item says, as it is understood (RFC 3339 in UTC) and, where it is known, as it is written. */
interface SaidTime {
  at: string;
  written?: string | undefined;
}

/** What the first items of a list say of their times, for people: how many say one, and an example of how it is understood. */
export function timesText(looked: number, times: readonly SaidTime[]): string {
  if (looked === 0) return "there are no items yet";
  const [first] = times;
  const items = looked === 1 ? "the first item" : `the first ${looked} items`;
  if (first === undefined) return looked === 1 ? `${items} says no time` : `none of ${items} says a time`;
  const count = times.length === looked ? "all" : times.length;
  const who = looked === 1 ? `${items} says` : `${count} of ${items} say`;
  const written = first.written ? `${JSON.stringify(first.written.slice(0, 60))}, which is ` : "";
  return `${who} a time, such as ${written}${first.at}`;
}
