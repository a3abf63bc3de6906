import type { LedgerStatus } from "../domain/ledger-row.ts";
import type { MemoryLocation } from "../domain/memory.ts";

/** What memories are counted and found by. `area` is one of `areasOf`. */
export const facetKinds = ["tag", "person", "place", "area"] as const;
export type FacetKind = (typeof facetKinds)[number];

/** One thing that memories have in common. */
export interface Facet {
  kind: FacetKind;
  /** As it is compared: folded. Of an area its name. */
  key: string;
  /** As a memory has it. */
  name: string;
}

export interface FacetCount extends Facet {
  count: number;
}

/** Which memories of a connector are meant. All that is given has to be true of them. */
export interface MemoryQuery {
  connectorId: string;
  contextId?: string | undefined;
  statuses?: readonly LedgerStatus[] | undefined;
  /** Their own time, both included. Milliseconds since the epoch; memories without a time are in no range. */
  since?: number | undefined;
  until?: number | undefined;
  facets?: readonly Pick<Facet, "kind" | "key">[] | undefined;
  near?: { centre: MemoryLocation; radiusKm: number } | undefined;
  /** Folded; each occurs in what is kept of the memory's words. */
  words?: readonly string[] | undefined;
  errorCode?: string | undefined;
}

/** A stretch of time, the end not included: both whole multiples of `timeUnitMs`. */
export interface TimeSpan {
  from: number;
  to: number;
}

/** Every clock that people use today is a multiple of this away from UTC. */
export const timeUnitMs = 900_000;

/** Which memories are counted. */
export type CountQuery = Pick<MemoryQuery, "connectorId" | "contextId" | "statuses">;

export interface TopFacetsRequest {
  span: TimeSpan;
  kinds: readonly FacetKind[];
  /** How many of each kind. */
  limit: number;
  looked: number;
}

export interface TopFacets {
  facets: FacetCount[];
  /** How many memories were looked at. */
  looked: number;
}

export interface FacetPageRequest {
  kind: FacetKind;
  /** The beginning of their keys. */
  prefix?: string | undefined;
  limit: number;
  after?: { count: number; key: string } | undefined;
}
