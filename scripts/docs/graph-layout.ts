export interface Point {
  x: number;
  y: number;
}

/** Two points that belong together, by their places in the list. */
export type Edge = readonly [number, number];

const steps = 400;

/** Places for points that push each other away and are pulled together by edges. They start on a circle, so that it comes out the same each time. */
export function layOut(
  count: number,
  edges: readonly Edge[],
  size: { width: number; height: number },
): Point[] {
  let points: Point[] = Array.from({ length: count }, (_, at) => ({
    x: Math.cos((at * 2 * Math.PI) / count),
    y: Math.sin((at * 2 * Math.PI) / count),
  }));
  for (let step = 0; step < steps; step++) points = moved(points, edges, 0.12 * (1 - step / steps));
  return spread(points, size);
}

/** Each of them a step further, at most so far. */
function moved(points: readonly Point[], edges: readonly Edge[], stride: number): Point[] {
  const forces = points.map(() => ({ x: 0, y: 0 }));
  const pull = ([a, b]: Edge, strength: (distance: number) => number) => {
    const [p, q, onA, onB] = [points[a], points[b], forces[a], forces[b]];
    if (!p || !q || !onA || !onB) return;
    const distance = Math.hypot(q.x - p.x, q.y - p.y) || 0.01;
    const share = strength(distance) / distance;
    onA.x += (q.x - p.x) * share;
    onA.y += (q.y - p.y) * share;
    onB.x -= (q.x - p.x) * share;
    onB.y -= (q.y - p.y) * share;
  };
  for (let a = 0; a < points.length; a++)
    for (let b = a + 1; b < points.length; b++) pull([a, b], (distance) => -0.12 / distance);
  for (const edge of edges) pull(edge, (distance) => 0.12 * distance);
  return points.map((point, at) => {
    const { x, y } = forces[at] ?? { x: 0, y: 0 };
    const length = Math.max(1, Math.hypot(x, y));
    return { x: point.x + (x / length) * stride, y: point.y + (y / length) * stride };
  });
}

/** Over the whole picture, with room for names at its edges. */
function spread(points: readonly Point[], { width, height }: { width: number; height: number }): Point[] {
  const xs = stretched(
    points.map(({ x }) => x),
    70,
    width - 150,
  );
  const ys = stretched(
    points.map(({ y }) => y),
    40,
    height - 40,
  );
  return points.map((_, at) => ({ x: xs[at] ?? 0, y: ys[at] ?? 0 }));
}

function stretched(values: readonly number[], from: number, to: number): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => from + ((value - least) / (most - least || 1)) * (to - from));
}
