/**
 * The strongly connected parts of a graph that are larger than one, by Tarjan's algorithm: each of such a ring reaches all others.
 * `edges` has what a node leads to.
 */
export function ringsOf(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const walk = new RingWalk(edges);
  for (const node of edges.keys()) walk.visit(node);
  return walk.rings;
}

class RingWalk {
  readonly rings: string[][] = [];
  private readonly edges: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly numbers = new Map<string, number>();
  /** Nodes that are not known to belong to a finished ring. */
  private readonly open: string[] = [];

  constructor(edges: ReadonlyMap<string, ReadonlySet<string>>) {
    this.edges = edges;
  }

  /** Returns the lowest number among the open nodes that this one reaches. */
  visit(node: string): number {
    const known = this.numbers.get(node);
    if (known !== undefined) return this.open.includes(node) ? known : Number.POSITIVE_INFINITY;
    const number = this.numbers.size;
    this.numbers.set(node, number);
    this.open.push(node);
    const reached = [...(this.edges.get(node) ?? [])].map((next) => this.visit(next));
    const lowest = Math.min(number, ...reached);
    if (lowest === number) this.close(node);
    return lowest;
  }

  private close(node: string): void {
    const ring = this.open.splice(this.open.indexOf(node));
    if (ring.length > 1) this.rings.push(ring.toSorted());
  }
}
