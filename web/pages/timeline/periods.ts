import type { timeline } from "../../../src/operations/memories/timeline.ts";
import type { Answer, Asking } from "../../api/endpoint.ts";
import { timeZone } from "../../words/time.ts";

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

/** All months with memories, and the days of a year of them, in the calendar of this browser. */
export async function timelineOf(
  ask: Ask,
  { connector, year }: { connector: string | null; year: string | null },
): Promise<Timeline> {
  const connectorId = connector ?? undefined;
  const months = await all(ask, { connectorId, by: "month" });
  const years = [...new Set(months.map(({ period }) => yearOf(period)))];
  const shown = year ?? years[0] ?? null;
  const ofYear = months.filter(({ period }) => yearOf(period) === shown);
  const [newest, oldest] = [ofYear[0], ofYear.at(-1)];
  if (newest === undefined || oldest === undefined) return { year: shown, years, months, days: [] };
  const days = await all(ask, { connectorId, by: "day", since: oldest.since, until: newest.until });
  return { year: shown, years, months, days };
}

async function all(ask: Ask, input: Asking<typeof timeline>): Promise<Period[]> {
  const periods: Period[] = [];
  let after: string | undefined;
  do {
    const page = await ask({ ...input, timezone: timeZone(), top: 0, limit: 100, after });
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
