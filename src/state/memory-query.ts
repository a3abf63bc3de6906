import type { AreaSize } from "../domain/areas.ts";
import type { LedgerRow, LedgerStatus } from "../domain/ledger-row.ts";
import type { MemoryLocation } from "../domain/memory.ts";

/** The kinds of facets by which memories are counted and found. `area` is one of `areasOf`. */
export const facetKinds = ["tag", "person", "place", "area"] as const;
export type FacetKind = (typeof facetKinds)[number];

/** A property that memories share. */
export interface Facet {
  kind: FacetKind;
  /** Folded, for comparison. For an area its name. */
  key: string;
  /** As spelled in a memory. */
  name: string;
}

export interface FacetCount extends Facet {
  count: number;
}

/** Selects memories of a connector. All given conditions have to hold. */
export interface MemoryQuery {
  connectorId: string;
  contextId?: string | undefined;
  statuses?: readonly LedgerStatus[] | undefined;
  /** Their own time, inclusive. Milliseconds since the epoch; memories without a time are in no range. */
  since?: number | undefined;
  until?: number | undefined;
  facets?: readonly Pick<Facet, "kind" | "key">[] | undefined;
  near?: { centre: MemoryLocation; radiusKm: number } | undefined;
  /** Folded; each has to occur in the stored part of the memory's text. */
  words?: readonly string[] | undefined;
  errorCode?: string | undefined;
}

/** The document of a memory: one of its own, or that of the group that it belongs to. The context is given with a group only. */
export type MemoryDocument = Pick<LedgerRow, "contextId" | "groupKey" | "fileSource">;

export interface MemoryDocumentPage {
  documents: MemoryDocument[];
  /** For the next page; null after the last one. */
  next: string | null;
}

/** A time span with an exclusive end; both are multiples of `timeUnitMs`. */
export interface TimeSpan {
  from: number;
  to: number;
}

/** Every UTC offset in use today is a multiple of this. */
export const timeUnitMs = 900_000;

/** Which memories are counted. */
export type CountQuery = Pick<MemoryQuery, "connectorId" | "contextId" | "statuses">;

export interface TopFacetsRequest {
  span: TimeSpan;
  kinds: readonly FacetKind[];
  /** The number of each kind. */
  limit: number;
  looked: number;
}

export interface TopFacets {
  facets: FacetCount[];
  /** The number of memories that were scanned. */
  looked: number;
}

export interface FacetPageRequest {
  kind: FacetKind;
  /** Only areas of this size. */
  size?: AreaSize | undefined;
  limit: number;
  after?: { count: number; key: string } | undefined;
}
