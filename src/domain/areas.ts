import type { MemoryLocation } from "./memory.ts";

/**
 * The earth in squares of degrees, each of which lies in one of the next size. An area is named by its size and its south-western corner:
 * `0.1:38.7:-9.2`. Memories are counted and found by area.
 */
export const areaSizes = ["1", "0.1", "0.01"] as const;
export type AreaSize = (typeof areaSizes)[number];

/** Degrees. `north` and `east` are the borders to the areas beside it, and not in it. */
export interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** How many squares of each size lie along one degree. */
const perDegree: Readonly<Record<AreaSize, number>> = { "1": 1, "0.1": 10, "0.01": 100 };
const finest = 100;

const earthKm = 6371;
const kmPerDegree = (2 * Math.PI * earthKm) / 360;

/** A circle that touches more is looked for in larger areas, or in none. */
const mostAreas = 24;

const pattern = /^(1|0\.1|0\.01):(-?\d{1,3}(?:\.\d{1,2})?):(-?\d{1,3}(?:\.\d{1,2})?)$/u;

/** The areas that hold a place, one of each size. */
export function areasOf(location: MemoryLocation): string[] {
  return areaSizes.map((size) => areaOf(location, size));
}

/** Whether a text names an area as `areasOf` does. */
export function isArea(text: string): boolean {
  const parts = pattern.exec(text);
  if (parts === null) return false;
  const { size, row, column } = partsOf(text);
  const isOnEarth = Math.abs(Number(parts[2])) <= 90 && Math.abs(Number(parts[3])) <= 180;
  return isOnEarth && nameOf(size, row, column) === text;
}

/** Throws nothing for what `isArea`. */
export function boxOf(area: string): Box {
  const { size, row, column } = partsOf(area);
  const per = perDegree[size];
  const edge = (index: number) => Number((index / per).toFixed(2));
  return { south: edge(row), west: edge(column), north: edge(row + 1), east: edge(column + 1) };
}

/** The areas of the next size that lie in one, or none where there is no smaller size. */
export function areasWithin(area: string): string[] {
  const { size, row, column } = partsOf(area);
  const next = areaSizes[areaSizes.indexOf(size) + 1];
  if (next === undefined) return [];
  const steps = Array.from({ length: 10 }, (_, step) => step);
  return steps.flatMap((up) => steps.map((right) => nameOf(next, row * 10 + up, column * 10 + right)));
}

/** The areas of one size that a circle touches, the smallest size of which they are few; null for a circle that is too large for that. */
export function areasAround(centre: MemoryLocation, radiusKm: number): string[] | null {
  for (const size of areaSizes.toReversed()) {
    const areas = areasOfSize(centre, radiusKm, size);
    if (areas !== null) return areas;
  }
  return null;
}

/** Along a great circle. */
export function distanceKm(a: MemoryLocation, b: MemoryLocation): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const chord = half(a.lat, b.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(a.lon, b.lon);
  return 2 * earthKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function areasOfSize({ lat, lon }: MemoryLocation, radiusKm: number, size: AreaSize): string[] | null {
  const up = radiusKm / kmPerDegree;
  const [south, north] = [lat - up, lat + up];
  // Around a pole every meridian is near.
  if (Math.max(Math.abs(south), Math.abs(north)) >= 89) return null;
  // The widest that the circle gets, nearer to the pole than its centre.
  const sine = Math.sin(Math.min(Math.PI / 2, radiusKm / earthKm)) / Math.cos((lat * Math.PI) / 180);
  if (sine >= 1) return null;
  const right = (Math.asin(sine) * 180) / Math.PI;
  const per = perDegree[size];
  const rows = span(south * per, north * per);
  const columns = span((lon - right) * per, (lon + right) * per);
  if (rows.count * columns.count > mostAreas) return null;
  return indices(rows).flatMap((row) =>
    indices(columns).map((column) => nameOf(size, row, wrapped(column, per))),
  );
}

interface Span {
  first: number;
  count: number;
}

/** A place on the very border may lie on either side of it. */
const hair = 1e-6;

function span(low: number, high: number): Span {
  const first = Math.floor(low - hair);
  return { first, count: Math.floor(high + hair) - first + 1 };
}

const indices = ({ first, count }: Span): number[] => Array.from({ length: count }, (_, at) => first + at);

function areaOf({ lat, lon }: MemoryLocation, size: AreaSize): string {
  // From the finest, so that what lies in an area lies in every larger one that holds it, whatever is lost in rounding.
  const step = finest / perDegree[size];
  const index = (fine: number) => Math.floor(fine / step);
  // The pole lies in the last row, for there is none behind it.
  const row = Math.min(finestIndex(lat), 90 * finest - 1);
  return nameOf(size, index(row), wrapped(index(finestIndex(lon)), perDegree[size]));
}

/** 38.3 × 100 is a little less than 3830 in binary, and lies in that row all the same. */
const finestIndex = (degrees: number): number => Math.floor(Number((degrees * finest).toFixed(6)));

/** The 180th meridian has one name. */
function wrapped(column: number, per: number): number {
  const around = 360 * per;
  return ((((column + 180 * per) % around) + around) % around) - 180 * per;
}

function nameOf(size: AreaSize, row: number, column: number): string {
  const digits = size === "1" ? 0 : size.length - 2;
  const text = (index: number) => (index / perDegree[size]).toFixed(digits);
  return `${size}:${text(row)}:${text(column)}`;
}

function partsOf(area: string): { size: AreaSize; row: number; column: number } {
  const [size = "1", south, west] = area.split(":") as [AreaSize, string, string];
  const index = (text: string) => Math.round(Number(text) * perDegree[size]);
  return { size, row: index(south), column: index(west) };
}
