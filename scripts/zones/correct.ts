import type { MemoryLocation } from "../../src/domain/memory.ts";
import { type Areas, drawSquare, inOrder, joined, pointsOf } from "./draw.ts";
import { type Node, quartersOf, type Shape, type Square, wholeWorld } from "./geo-tz.ts";
import type { Part } from "./pack.ts";

/** Around towns that stand on the wrong side of a border, the map is drawn as finely: 75 m from north to south. */
const finestAtTowns = 18;

/** The map, drawn more finely where one of the towns would have a neighbour's zone. */
export function correctedFor(world: Part, node: Node, areas: Areas, towns: readonly MemoryLocation[]): Part {
  return towns.reduce((part, town) => {
    const { shapes } = cellOf(node, town, wholeWorld);
    if (shapes.length === 0) return part;
    const ordered = inOrder(shapes, areas);
    const [zone = ""] = pointsOf(ordered, around(town), 1);
    // The package's squares end a few metres beside ours: what is in none of its shapes there is not at sea.
    if (zone === "" || zoneIn(part, town) === zone) return part;
    return corrected(part, town, { ordered, zone }, wholeWorld, 0);
  }, world);
}

/** So small that its centre is all of it. */
const around = ({ lat, lon }: MemoryLocation): Square => ({
  west: lon - 1e-7,
  south: lat - 1e-7,
  width: 2e-7,
  height: 2e-7,
});

/** The shapes beside a place; none where one zone is all around. */
function cellOf(node: Node, town: MemoryLocation, square: Square): { shapes: Shape[] } {
  if ("zones" in node) return { shapes: [] };
  if ("shapes" in node) return { shapes: node.shapes() };
  const at = quarterOf(town, square);
  return cellOf(node.quarters[at] ?? { zones: [] }, town, quartersOf(square)[at] ?? square);
}

/** The zone that the map has at a place. */
export function zoneIn(part: Part, town: MemoryLocation, square = wholeWorld): string {
  if (typeof part === "string") return part;
  const at = quarterOf(town, square);
  return zoneIn(part[at] ?? "", town, quartersOf(square)[at] ?? square);
}

interface Correction {
  /** In the order in which they are drawn. */
  ordered: readonly Shape[];
  /** That of the town. */
  zone: string;
}

function corrected(part: Part, town: MemoryLocation, to: Correction, square: Square, depth: number): Part {
  if (depth === finestAtTowns) return to.zone;
  const quarters = typeof part === "string" ? drawSquare(to.ordered, square, depth, finestAtTowns) : part;
  const four = typeof quarters === "string" ? [quarters, quarters, quarters, quarters] : quarters;
  const at = quarterOf(town, square);
  const inner = quartersOf(square)[at] ?? square;
  return joined(four.map((each, index) => (index === at ? descend(each, town, to, inner, depth + 1) : each)));
}

/** A part that has the right zone already stays as it is. */
const descend: typeof corrected = (part, town, to, square, depth) =>
  part === to.zone ? part : corrected(part, town, to, square, depth);

function quarterOf({ lat, lon }: MemoryLocation, { west, south, width, height }: Square): number {
  return (lon >= west + width / 2 ? 1 : 0) + (lat >= south + height / 2 ? 2 : 0);
}
