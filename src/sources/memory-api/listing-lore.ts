import type { SourceLore } from "../memory-source.ts";

/** How far back a listing reaches. `day` is the last 24 h, `week` 7 days, `month` 30 days. */
export type QueryRange = "day" | "week" | "month" | "all";

/** A list that was assessed as whole. */
export type WholeList = {
  /** The limit that it fitted into. */
  limit: number;
  length: number;
  /** Of its oldest memory; null when it was empty. */
  oldestId: string | null;
  /** That memory's own time, in milliseconds since the epoch. */
  oldestAt: number | null;
};

/** What earlier listings of a context have learnt about its source. Kept between runs; plain data. */
export type ListingLore = {
  lists: { readonly [Range in QueryRange]?: WholeList };
  /** The most items of a single answer: the server has no cap below that. */
  largest: number;
  /** The length at which the server is known to cut lists off; null while none is known. */
  cap: number | null;
  /** The server's total also counts what lies outside of the requested range. */
  totalOfAll: boolean;
  /** The list of everything has had two lengths, so the first one was not a cap. */
  moved?: true | undefined;
  /** The evidence for the range `all`: it was compared with narrower ones, or has shown a memory that no other range holds. */
  reach?: "compared" | "proved" | undefined;
};

export const noLore: ListingLore = { lists: {}, largest: 0, cap: null, totalOfAll: false };

/** The stored lore if listings of a Memory API wrote it; empty otherwise. */
export function toListingLore(kept: SourceLore | null | undefined): ListingLore {
  return kept != null && isListingLore(kept) ? kept : noLore;
}

function isListingLore(kept: SourceLore): kept is ListingLore {
  const { lists, largest, cap } = kept;
  const isCap = cap === null || typeof cap === "number";
  return (
    isPlainObject(lists) &&
    Object.values(lists as object).every(isPlainObject) &&
    typeof largest === "number" &&
    isCap
  );
}

function isPlainObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
