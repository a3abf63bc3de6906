import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { unitOf } from "../memory-matches.ts";
import { type CountQuery, type TimeSpan, timeUnitMs } from "../memory-query.ts";
import { ageWithoutTime, noRows } from "../row-rules.ts";
import type { StatusCounts } from "../state-manager.ts";
import type { Prepare } from "./ledger-pages.ts";
import { dayMs } from "./memory-day-schema.ts";

type AgeIndex = "ledger_by_age" | "ledger_groups_by_age";

const unprocessed = ledgerStatuses.filter((status) => status !== "processed");

/** Memories by time, counted in the index of the ledger by status and time, with the help of `memory_day`. */
export class MemoryCounts {
  readonly #prepare: Prepare;

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  inSpan(query: CountQuery, { from, to }: TimeSpan): StatusCounts {
    const { statuses = ledgerStatuses } = query;
    const span = { from, to: Math.min(to, ageWithoutTime) };
    const others = statuses.filter((status) => status !== "processed");
    const counts = this.#count(query, span, others);
    if (!statuses.includes("processed")) return counts;
    const known = others.length === unprocessed.length ? counts : null;
    return { ...counts, processed: this.#processedIn(query, span, known) };
  }

  newestUnitBefore(query: CountQuery, before: number): number | null {
    if (query.statuses?.length === 0) return null;
    const to = Math.min(Math.ceil(before / timeUnitMs) * timeUnitMs, ageWithoutTime);
    for (let day = this.#dayBefore(query, to); day !== null; day = this.#dayBefore(query, day)) {
      const newest = this.#newestIn(query, { from: day, to: Math.min(to, day + dayMs) });
      if (newest !== null) return unitOf(newest);
    }
    return null;
  }

  /** Nearly all memories are processed: on whole days these are what the others leave of all, so that they are not counted one by one. */
  #processedIn(query: CountQuery, span: TimeSpan, known: StatusCounts | null): number {
    const days = wholeDaysIn(span);
    const counted = (part: TimeSpan) => this.#count(query, part, ["processed"]).processed;
    const isWhole = days.from === span.from && days.to === span.to;
    const counts = (isWhole && known) || this.#count(query, days, unprocessed);
    const others = Object.values(counts).reduce((sum, rows) => sum + rows, 0);
    const atEnds = counted({ from: span.from, to: days.from }) + counted({ from: days.to, to: span.to });
    return this.#countDays(query, days) - others + atEnds;
  }

  #count(query: CountQuery, span: TimeSpan, statuses: readonly LedgerStatus[]): StatusCounts {
    const counts = noRows();
    if (statuses.length === 0 || isEmpty(span)) return counts;
    const sql = statuses.map((status) => countOfStatus(status, query)).join(" UNION ALL ");
    const found = this.#prepare(sql).all({ ...whose(query), ...span });
    for (const { status, rows } of found as unknown as { status: LedgerStatus; rows: number }[])
      counts[status] = rows;
    return counts;
  }

  /** The memories of whole days, whatever their status. */
  #countDays(query: CountQuery, { from, to }: TimeSpan): number {
    if (isEmpty({ from, to })) return 0;
    const sql = `SELECT coalesce(sum(rows), 0) AS rows FROM memory_day WHERE connector_id = :connector
      AND day >= :from AND day < :to ${inContext(query)}`;
    const days = { from: from / dayMs, to: to / dayMs };
    return Number(this.#prepare(sql).get({ ...whose(query), ...days })?.rows);
  }

  /** The beginning of the last day of UTC with memories that begins before a moment. */
  #dayBefore(query: CountQuery, before: number): number | null {
    const sql = `SELECT day FROM memory_day WHERE connector_id = :connector AND day < :before
      ${inContext(query)} ORDER BY day DESC LIMIT 1`;
    const found = this.#prepare(sql).get({ ...whose(query), before: Math.ceil(before / dayMs) });
    return found === undefined ? null : Number(found.day) * dayMs;
  }

  /** The time of the newest memory in a span. */
  #newestIn(query: CountQuery, span: TimeSpan): number | null {
    const { statuses = ledgerStatuses } = query;
    const walks = statuses.map((status) => newestOfStatus(status, query));
    const sql = `SELECT max(age) AS age FROM (${walks.join(" UNION ALL ")})`;
    const { age } = this.#prepare(sql).get({ ...whose(query), ...span }) as { age: number | null };
    return age;
  }
}

/** Rows of one status in a span of time. Without the hint a query of one context would take the index by key. */
function ofStatus(status: LedgerStatus, query: CountQuery, index: AgeIndex = "ledger_by_age"): string {
  return `FROM ledger INDEXED BY ${index} WHERE connector_id = :connector AND status = '${status}' AND age >= :from AND age < :to
    ${inContext(query)}`;
}

/** Documents of groups are not memories. */
function countOfStatus(status: LedgerStatus, query: CountQuery): string {
  return `SELECT '${status}' AS status, (SELECT count(*) ${ofStatus(status, query)})
    - (SELECT count(*) ${ofStatus(status, query, "ledger_groups_by_age")} AND group_key = memory_id) AS rows`;
}

function newestOfStatus(status: LedgerStatus, query: CountQuery): string {
  return `SELECT age FROM (SELECT age ${ofStatus(status, query)} AND group_key IS NOT memory_id ORDER BY age DESC LIMIT 1)`;
}

const isEmpty = ({ from, to }: TimeSpan): boolean => from >= to;

const inContext = ({ contextId }: CountQuery) => (contextId === undefined ? "" : "AND context_id = :context");

function whose({ connectorId, contextId }: CountQuery) {
  return { connector: connectorId, ...(contextId !== undefined && { context: contextId }) };
}

/** The days of UTC that lie in a span as wholes; at its end, where there are none. */
function wholeDaysIn({ from, to }: TimeSpan): TimeSpan {
  const first = Math.ceil(from / dayMs) * dayMs;
  const end = Math.floor(to / dayMs) * dayMs;
  return first < end ? { from: first, to: end } : { from: to, to };
}
