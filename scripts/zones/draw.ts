import { type Node, quartersOf, type Shape, type Square, wholeWorld } from "./geo-tz.ts";
import type { Part } from "./pack.ts";

/** So often the world is halved for the smallest parts: 1.2 km from north to south. */
const finest = 14;
/** The limit of a country's waters is not drawn finer: 5 km. */
const finestAtSea = 12;
const sea = "";

/** Of two zones that claim a place, the one with the smaller number has it: a claim on a neighbour's land makes no clocks. */
export type Areas = ReadonlyMap<string, number>;
/** Is a zone in the settlements beyond its land, whose clocks it sets, though that land is the larger one. */
const enclaves = "Asia/Jerusalem";

/** Roughly, in shares of squares. */
export function areasOf(world: Node): Areas {
  const areas = new Map<string, number>();
  const add = (zone: string, area: number) => areas.set(zone, (areas.get(zone) ?? 0) + area);
  const visit = (node: Node, area: number): void => {
    if ("quarters" in node) for (const quarter of node.quarters) visit(quarter, area / 4);
    else if ("zones" in node) for (const zone of node.zones) add(zone, area);
    else for (const { zone } of node.shapes()) add(zone, area / 2);
  };
  visit(world, 1);
  return areas.set(enclaves, 0);
}

/** The whole map, in parts. */
export function drawWorld(world: Node, areas: Areas): Part {
  const draw = (node: Node, square: Square, depth: number): Part => {
    if ("zones" in node) return smallest(node.zones, areas);
    if ("shapes" in node) return drawSquare(inOrder(node.shapes(), areas), square, depth, finest);
    const quarters = quartersOf(square);
    return joined(node.quarters.map((each, at) => draw(each, quarters[at] ?? square, depth + 1)));
  };
  return draw(world, wholeWorld, 0);
}

/** A square as finely as is asked for, with what lies within. */
export function drawSquare(shapes: readonly Shape[], square: Square, depth: number, to: number): Part {
  const side = 2 ** (to - depth);
  return reduce({ points: pointsOf(shapes, square, side), side }, 0, 0, side, depth);
}

const smallest = (zones: readonly string[], areas: Areas): string =>
  zones.toSorted((a, b) => (areas.get(a) ?? 0) - (areas.get(b) ?? 0))[0] ?? sea;

/** Those that are drawn later cover those before. */
export const inOrder = (shapes: readonly Shape[], areas: Areas): Shape[] =>
  shapes.toSorted((a, b) => (areas.get(b.zone) ?? 0) - (areas.get(a.zone) ?? 0));

interface Points {
  points: readonly string[];
  side: number;
}

/** The zones at the centres of `side` times `side` squares, row by row from the south-west. */
export function pointsOf(shapes: readonly Shape[], square: Square, side: number): string[] {
  const points = new Array<string>(side * side).fill(sea);
  for (const { zone, rings } of shapes) {
    const crossings = crossingsOf(rings, square, side);
    for (const [row, columns] of crossings.entries()) {
      const ends = columns.toSorted((a, b) => a - b);
      for (let at = 0; at + 1 < ends.length; at += 2)
        points.fill(
          zone,
          row * side + clamp(ends[at] ?? 0, side),
          row * side + clamp(ends[at + 1] ?? 0, side),
        );
    }
  }
  return points;
}

/** For each row of centres the columns from which on it is on the other side of an edge. */
function crossingsOf(
  rings: Shape["rings"],
  { west, south, width, height }: Square,
  side: number,
): number[][] {
  const rows: number[][] = Array.from({ length: side }, () => []);
  const rowOf = (lat: number) => ((lat - south) / height) * side - 0.5;
  for (const ring of rings) {
    for (const [at, from] of ring.entries()) {
      const to = ring[at + 1];
      if (to === undefined || from[1] === to[1]) continue;
      const [low, high] = from[1] < to[1] ? [from, to] : [to, from];
      const last = clamp(rowOf(high[1]), side);
      for (let row = clamp(rowOf(low[1]), side); row < last; row++) {
        const lat = south + ((row + 0.5) * height) / side;
        const lon = low[0] + ((lat - low[1]) * (high[0] - low[0])) / (high[1] - low[1]);
        rows[row]?.push(((lon - west) / width) * side - 0.5);
      }
    }
  }
  return rows;
}

const clamp = (at: number, side: number): number => Math.min(side, Math.max(0, Math.ceil(at)));

function reduce(points: Points, x: number, y: number, size: number, depth: number): Part {
  const counts = new Map<string, number>();
  for (let row = y; row < y + size; row++) {
    for (let at = row * points.side + x; at < row * points.side + x + size; at++) {
      const zone = points.points[at] ?? sea;
      counts.set(zone, (counts.get(zone) ?? 0) + 1);
    }
  }
  const isLimitOfWaters = depth >= finestAtSea && counts.size === 2 && counts.has(sea);
  const [most = [sea]] = [...counts].toSorted(([, a], [, b]) => b - a);
  if (counts.size === 1 || isLimitOfWaters || size === 1) return most[0];
  const half = size / 2;
  return joined(
    [0, 1, 2, 3].map((quarter) =>
      reduce(points, x + (quarter % 2) * half, y + Math.floor(quarter / 2) * half, half, depth + 1),
    ),
  );
}

/** Four quarters as one part. */
export function joined(quarters: readonly Part[]): Part {
  const [first] = quarters;
  if (typeof first === "string" && quarters.every((each) => each === first)) return first;
  return quarters as [Part, Part, Part, Part];
}
