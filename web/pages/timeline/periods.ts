import type { timeline } from "../../../src/operations/memories/timeline.ts";
import type { Answer, Asking } from "../../api/endpoint.ts";

type Ask = (input: Asking<typeof timeline>) => Promise<Answer<typeof timeline>>;
export type Period = Answer<typeof timeline>["periods"][number];

export interface Timeline {
  /** `2025`; null where nothing has a time. */
  year: string | null;
  /** Those with memories, newest first. */
  years: readonly string[];
  months: readonly Period[];
  /** Of the year, newest first. */
  days: readonly Period[];
}

/** `2025` of `2025-01`, with the sign of years that need one. */
export const yearOf = (month: string): string => month.slice(0, month.lastIndexOf("-"));

/** What of the calendar an address shows: a month says its year. */
export function chosenIn(query: URLSearchParams): { year: string | null; month: string | null } {
  const month = query.get("month");
  return { year: month === null ? query.get("year") : yearOf(month), month };
}

/** The newest period that is not in the future, where there is one: a date that was mistyped may lie in any year. */
export function newestOf(periods: readonly Period[], now: number): Period | undefined {
  return periods.find(({ since }) => Date.parse(since) <= now) ?? periods[0];
}

interface Wanted {
  connector: string | null;
  /** Whose calendar it is; undefined for that of each connector. */
  timezone: string | undefined;
  year: string | null;
}

/** All months with memories, and the days of a year of them. */
export async function timelineOf(
  ask: Ask,
  { connector, timezone, year }: Wanted,
  now: number,
): Promise<Timeline> {
  const of = { connectorId: connector ?? undefined, timezone };
  const months = await all(ask, { ...of, by: "month" });
  const years = [...new Set(months.map(({ period }) => yearOf(period)))];
  const newestMonth = newestOf(months, now);
  const shown = year ?? (newestMonth === undefined ? null : yearOf(newestMonth.period));
  const ofYear = months.filter(({ period }) => yearOf(period) === shown);
  const [newest, oldest] = [ofYear[0], ofYear.at(-1)];
  if (newest === undefined || oldest === undefined) return { year: shown, years, months, days: [] };
  const days = await all(ask, { ...of, by: "day", since: oldest.firstDay, until: newest.lastDay });
  return { year: shown, years, months, days };
}

async function all(ask: Ask, input: Asking<typeof timeline>): Promise<Period[]> {
  const periods: Period[] = [];
  let after: string | undefined;
  do {
    const page = await ask({ ...input, top: 0, limit: 100, after });
    periods.push(...page.periods);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return periods;
}

const longMonth = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" });

/** `September` */
export function monthName(month: string): string {
  const at = new Date(Date.UTC(2000, Number(month.slice(-2)) - 1, 1));
  return Number.isNaN(at.getTime()) ? month : longMonth.format(at);
}
