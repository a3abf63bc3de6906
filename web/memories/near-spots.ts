interface Weighed {
  /** Longitude and latitude, degrees. */
  at: readonly [number, number];
  weight: number;
}

/** The part of all memories that a map has to show, and how much farther than these others may lie. */
const enough = 0.9;
const slack = 2;
/** Nobody gets lost on a map of so many degrees. */
const leastReach = 10;

/** The spots around the middle of most memories: without the few that would make a map of the world of a map of a town. */
export function nearOf<Spot extends Weighed>(spots: readonly Spot[]): Spot[] {
  const middle = [0, 1].map((axis) => median(spots, (spot) => spot.at[axis] ?? 0));
  const distance = ({ at }: Spot) => Math.hypot(at[0] - (middle[0] ?? 0), at[1] - (middle[1] ?? 0));
  const total = spots.reduce((sum, { weight }) => sum + weight, 0);
  let seen = 0;
  let reach = 0;
  for (const spot of spots.toSorted((one, other) => distance(one) - distance(other))) {
    if (seen >= total * enough) break;
    seen += spot.weight;
    reach = distance(spot);
  }
  return spots.filter((spot) => distance(spot) <= Math.max(leastReach, reach * slack));
}

/** Half of the memories lie on either side of it. */
function median<Spot extends Weighed>(spots: readonly Spot[], of: (spot: Spot) => number): number {
  const sorted = spots.toSorted((one, other) => of(one) - of(other));
  let left = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  for (const spot of sorted) {
    left -= spot.weight;
    if (left <= 0) return of(spot);
  }
  return 0;
}
