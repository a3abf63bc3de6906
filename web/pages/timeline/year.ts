/** A day of a year's calendar: weeks are columns and begin on Monday. */
export interface Cell {
  /** `2025-01-31` */
  date: string;
  week: number;
  weekday: number;
}

const dayMs = 86_400_000;

/** The days of a year, in order. */
export function cellsOf(year: number): Cell[] {
  const first = beginOf(year, 0);
  const offset = (first.getUTCDay() + 6) % 7;
  const length = Math.round((beginOf(year + 1, 0).getTime() - first.getTime()) / dayMs);
  return Array.from({ length }, (_, index) => ({
    date: new Date(first.getTime() + index * dayMs).toISOString().split("T")[0] ?? "",
    week: Math.floor((index + offset) / 7),
    weekday: (index + offset) % 7,
  }));
}

/** `Date.UTC` takes years below 100 for those of the last century. */
function beginOf(year: number, month: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1);
  return date;
}

/** 0 for none, then quarters of the fullest day, 1 to 4. */
export function heatOf(count: number, most: number): number {
  if (count === 0) return 0;
  return Math.min(4, Math.max(1, Math.ceil((count / most) * 4)));
}
