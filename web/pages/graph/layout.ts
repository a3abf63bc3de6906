import type { Edge } from "./neighbourhood.ts";

export interface Point {
  x: number;
  y: number;
}

const rounds = 200;
const golden = Math.PI * (3 - Math.sqrt(5));

/**
 * Places for names in a box, by Fruchterman and Reingold: all push each other away, edges pull. It starts on a spiral, so that the same
 * names always stand in the same places, and it ends after a fixed number of rounds.
 */
export function layoutOf(
  names: readonly string[],
  edges: readonly Edge[],
  width: number,
  height: number,
): Map<string, Point> {
  const points = names.map((_, index) => ({
    x: Math.sqrt(index) * Math.cos(index * golden),
    y: Math.sqrt(index) * Math.sin(index * golden),
  }));
  const indexOf = new Map(names.map((name, index) => [name, index]));
  for (let round = 0; round < rounds; round++) relax(points, edges, indexOf, 0.3 * (1 - round / rounds));
  return new Map(names.map((name, index) => [name, fitted(points, points[index] as Point, width, height)]));
}

function relax(
  points: Point[],
  edges: readonly Edge[],
  indexOf: ReadonlyMap<string, number>,
  most: number,
): void {
  const moves = points.map((point) => {
    const move = { x: 0, y: 0 };
    for (const other of points) push(move, point, other, (distance) => 1 / distance);
    return move;
  });
  for (const { source, target } of edges) {
    const [from, to] = [indexOf.get(source) ?? 0, indexOf.get(target) ?? 0];
    const pull = (distance: number) => -(distance ** 2);
    push(moves[from] as Point, points[from] as Point, points[to] as Point, pull);
    push(moves[to] as Point, points[to] as Point, points[from] as Point, pull);
  }
  for (const [index, point] of points.entries()) {
    const { x, y } = moves[index] as Point;
    const share = Math.min(1, most / (Math.hypot(x, y) || 1));
    point.x += x * share;
    point.y += y * share;
  }
}

function push(move: Point, point: Point, other: Point, force: (distance: number) => number): void {
  const [x, y] = [point.x - other.x, point.y - other.y];
  const distance = Math.hypot(x, y);
  if (distance === 0) return;
  move.x += (x / distance) * force(distance);
  move.y += (y / distance) * force(distance);
}

function fitted(points: readonly Point[], { x, y }: Point, width: number, height: number): Point {
  const scaled = (value: number, values: readonly number[], length: number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return most === least ? length / 2 : 50 + ((value - least) / (most - least)) * (length - 100);
  };
  return {
    x: scaled(
      x,
      points.map((point) => point.x),
      width,
    ),
    y: scaled(
      y,
      points.map((point) => point.y),
      height,
    ),
  };
}
