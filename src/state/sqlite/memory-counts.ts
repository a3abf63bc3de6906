import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { unitOf } from "../memory-matches.ts";
import { type CountQuery, type TimeSpan, timeUnitMs } from "../memory-query.ts";
import { ageWithoutTime, noRows } from "../row-rules.ts";
import type { StatusCounts } from "../state-manager.ts";
import type { Prepare } from "./ledger-pages.ts";
import { dayMs } from "./memory-day-schema.ts";

type AgeIndex = "ledger_by_age" | "ledger_groups_by_age";

/** So many memories are counted one by one sooner than it takes to count around them. */
const mostCounted = 500;

const unprocessed = ledgerStatuses.filter((status) => status !== "processed");

/** Memories by time, counted in the index of the ledger by status and time, with the help of `memory_day`. */
export class MemoryCounts {
  readonly #prepare: Prepare;

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  /**
   * Nearly all memories are processed: on whole days of UTC these are what the others leave of all, so that they are not counted one by one. A span of
   * another zone's days has those of the nearest days of UTC, and what lies between their ends.
   */
  inSpan(query: CountQuery, { from, to }: TimeSpan): StatusCounts {
    const { statuses = ledgerStatuses } = query;
    const span = { from: Math.min(from, ageWithoutTime), to: Math.min(to, ageWithoutTime) };
    if (isEmpty(span)) return noRows();
    const days = nearestDays(span);
    const all = statuses.includes("processed") ? this.#countDays(query, days) : 0;
    const isWhole = days.from === span.from && days.to === span.to;
    if (all < mostCounted && !isWhole) return this.#count(query, span, statuses);
    const others = statuses.filter((status) => status !== "processed");
    const counts = this.#count(query, span, others);
    if (!statuses.includes("processed")) return counts;
    const known = isWhole && others.length === unprocessed.length ? counts : null;
    const processed = all - sumOf(known ?? this.#count(query, days, unprocessed));
    const [before, after] = [
      this.#processed(query, span.from, days.from),
      this.#processed(query, days.to, span.to),
    ];
    return { ...counts, processed: before + processed + after };
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

  /** Less than none where the span is turned around. */
  #processed(query: CountQuery, from: number, to: number): number {
    const { processed } = this.#count(query, { from: Math.min(from, to), to: Math.max(from, to) }, [
      "processed",
    ]);
    return from <= to ? processed : -processed;
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

/** From the day of UTC that begins nearest to a span's beginning to that nearest to its end, before all that has no time. */
function nearestDays({ from, to }: TimeSpan): TimeSpan {
  const nearest = (at: number) =>
    Math.min(Math.round(at / dayMs), Math.floor(ageWithoutTime / dayMs)) * dayMs;
  return { from: nearest(from), to: nearest(to) };
}

const sumOf = (counts: StatusCounts): number => Object.values(counts).reduce((sum, rows) => sum + rows, 0);
