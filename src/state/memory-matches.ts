import { areasOf, distanceKm } from "../domain/areas.ts";
import { isGroup, type LedgerRow } from "../domain/ledger-row.ts";
import { compareCodePoints } from "../kernel/util/code-point-order.ts";
import { foldText } from "../kernel/util/text.ts";
import { newestCursor } from "./cursor.ts";
import {
  type Facet,
  type FacetCount,
  type FacetKind,
  type MemoryQuery,
  type TopFacetsRequest,
  timeUnitMs,
} from "./memory-query.ts";
import { ageWithoutTime } from "./row-rules.ts";
import type { RowPage } from "./state-manager.ts";

/** The facets by which a memory is found; none for one that is deleted everywhere. */
export function facetsOfRow(row: LedgerRow): Facet[] {
  if (isGroup(row) || isGone(row)) return [];
  const { place, tags, people } = row.facets;
  const named = (kind: FacetKind, names: readonly string[]) =>
    names.map((name) => ({ kind, key: foldText(name), name }));
  const areas = row.location === null ? [] : areasOf(row.location);
  const facets = [...named("place", place), ...named("tag", tags), ...named("person", people)];
  return [
    ...new Map(facets.map((facet) => [`${facet.kind} ${facet.key}`, facet])).values(),
    ...areaFacets(areas),
  ];
}

function isGone({ status, documentId }: LedgerRow): boolean {
  return status === "deleted" && documentId === null;
}

function areaFacets(areas: readonly string[]): Facet[] {
  return areas.map((area) => ({ kind: "area", key: area, name: area }));
}

/** How many of these memories have each facet of these kinds, most frequent first. */
export function countFacets(memories: Iterable<readonly Facet[]>, kinds: readonly FacetKind[]): FacetCount[] {
  const counts = new Map<string, FacetCount>();
  for (const facets of memories) {
    for (const { kind, key, name } of facets) {
      if (!kinds.includes(kind)) continue;
      const known = counts.get(`${kind} ${key}`);
      if (known === undefined) counts.set(`${kind} ${key}`, { kind, key, name, count: 1 });
      else known.count += 1;
    }
  }
  return [...counts.values()].toSorted(byFrequency);
}

/** The first ones of each kind. */
export function topOfEach(
  counts: readonly FacetCount[],
  { kinds, limit }: Pick<TopFacetsRequest, "kinds" | "limit">,
): FacetCount[] {
  return kinds.flatMap((kind) => counts.filter((facet) => facet.kind === kind).slice(0, limit));
}

/** Most frequent first, then by key. */
export function byFrequency(
  a: Pick<FacetCount, "count" | "key">,
  b: Pick<FacetCount, "count" | "key">,
): number {
  return b.count - a.count || compareCodePoints(a.key, b.key);
}

/** The beginning of the time unit of a moment. */
export function unitOf(epochMs: number): number {
  return Math.floor(epochMs / timeUnitMs) * timeUnitMs;
}

/** Where the scan of a query begins: after the cursor, and after memories that are too new. */
export function beginOfSearch({ since, until }: MemoryQuery, after: string | null | undefined) {
  const position = newestCursor.decode(after);
  if (since === undefined && until === undefined) return position;
  const age = until === undefined ? ageWithoutTime : until + 1;
  return position !== undefined && position.age < age ? position : { age, contextId: "", memoryId: "" };
}

/** The page of matching rows of a scan, newest first. `isLast`: there are no more rows after them. */
export function pageOfMatches(
  looked: readonly LedgerRow[],
  isLast: boolean,
  query: MemoryQuery,
  limit: number,
): RowPage {
  const { since = Number.NEGATIVE_INFINITY } = query;
  const young = looked.filter((row) => ageOf(row) >= since);
  const rows = young.filter(matcherOf(query));
  const shown = rows.slice(0, limit);
  const isWhole = isLast || young.length < looked.length;
  const last = rows.length > limit ? shown.at(-1) : looked.at(-1);
  const hasMore = rows.length > limit || (!isWhole && last !== undefined);
  return { rows: shown, next: hasMore && last !== undefined ? cursorOf(last) : null };
}

function cursorOf(row: LedgerRow): string {
  return newestCursor.encode({ age: ageOf(row), contextId: row.contextId, memoryId: row.memoryId });
}

const ageOf = ({ memoryCreatedAt }: LedgerRow): number => memoryCreatedAt ?? ageWithoutTime;

/** Whether a row is one of a query, however it was found. */
export function memoryMatcher(query: Omit<MemoryQuery, "connectorId">): (row: LedgerRow) => boolean {
  const { since, until } = query;
  const matches = matcherOf(query);
  if (since === undefined && until === undefined) return matches;
  const isInTime = ({ memoryCreatedAt: at }: LedgerRow) =>
    at !== null && at >= (since ?? at) && at <= (until ?? at);
  return (row) => isInTime(row) && matches(row);
}

/** All conditions of a query except the time, by which scans are ordered. */
function matcherOf(query: Omit<MemoryQuery, "connectorId">): (row: LedgerRow) => boolean {
  const { contextId, statuses, facets = [], near, words = [], errorCode } = query;
  const asks: ((row: LedgerRow) => boolean)[] = [(row) => !isGroup(row)];
  if (contextId !== undefined) asks.push((row) => row.contextId === contextId);
  if (statuses !== undefined) asks.push((row) => statuses.includes(row.status));
  if (errorCode !== undefined) asks.push((row) => row.error?.code === errorCode);
  if (facets.length > 0) asks.push((row) => hasFacets(facetsOfRow(row), facets));
  if (near !== undefined) asks.push((row) => !isGone(row) && isNear(row, near));
  if (words.length > 0) asks.push(({ text }) => text !== null && hasWords(foldText(text), words));
  return (row) => asks.every((ask) => ask(row));
}

function hasFacets(facets: readonly Facet[], wanted: NonNullable<MemoryQuery["facets"]>): boolean {
  return wanted.every(({ kind, key }) => facets.some((facet) => facet.kind === kind && facet.key === key));
}

function isNear({ location }: LedgerRow, { centre, radiusKm }: NonNullable<MemoryQuery["near"]>): boolean {
  return location !== null && distanceKm(location, centre) <= radiusKm;
}

function hasWords(folded: string, words: readonly string[]): boolean {
  return words.every((word) => folded.includes(word));
}
