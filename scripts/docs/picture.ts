import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../test/support/cli.ts";
import { type Edge, layOut, type Point } from "./graph-layout.ts";

interface Entity {
  name: string;
  type: string;
}

interface Relation {
  source: string;
  target: string;
}

/** How many of the entities with the most relations are drawn. */
const shown = 22;
const [width, height] = [960, 520];

/** The graph that `memory-connector demo` makes, as a picture: its best connected entities and what joins them. */
export async function renderPicture(): Promise<string> {
  const { entities, relations } = await demoGraph();
  const degrees = new Map<string, number>();
  for (const name of relations.flatMap(({ source, target }) => [source, target]))
    degrees.set(name, (degrees.get(name) ?? 0) + 1);
  const degree = ({ name }: Entity) => degrees.get(name) ?? 0;
  const drawn = entities
    .filter(({ type }) => type !== "date")
    .toSorted((a, b) => degree(b) - degree(a) || (a.name < b.name ? -1 : 1))
    .slice(0, shown);
  const index = new Map(drawn.map(({ name }, at) => [name, at]));
  const edges = relations
    .map(({ source, target }) => [index.get(source), index.get(target)] as const)
    .filter((edge): edge is Edge => edge[0] !== undefined && edge[1] !== undefined);
  const sizes = drawn.map((entity) => 7 + 2.2 * Math.sqrt(degree(entity)));
  return draw(drawn, edges, sizes, layOut(drawn.length, edges, { width, height }));
}

async function demoGraph(): Promise<{ entities: Entity[]; relations: Relation[] }> {
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-picture-"));
  try {
    await runCli(["demo", "--keep", folder], { cwd: folder });
    const { out } = await runCli(["graph", "--export", "json"], { cwd: folder });
    return JSON.parse(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const colours: Readonly<Record<string, string>> = {
  person: "#3d50f5",
  location: "#0f8a5f",
  organization: "#b4540a",
};

function draw(
  entities: readonly Entity[],
  edges: readonly Edge[],
  sizes: readonly number[],
  points: readonly Point[],
): string {
  const at = (index: number) => points[index] ?? { x: 0, y: 0 };
  const lines = edges.map(([a, b]) => {
    const [from, to] = [at(a), at(b)];
    return `    <line x1="${from.x.toFixed(1)}" y1="${from.y.toFixed(1)}" x2="${to.x.toFixed(1)}" y2="${to.y.toFixed(1)}" />`;
  });
  const nodes = entities.map(({ name, type }, index) => {
    const { x, y } = at(index);
    const size = sizes[index] ?? 0;
    const circle = `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size.toFixed(1)}" fill="${colours[type] ?? "#6b7280"}" />`;
    const label = `<text x="${(x + size + 4).toFixed(1)}" y="${(y + 4).toFixed(1)}">${escaped(name)}</text>`;
    return `  ${circle}\n  ${label}`;
  });
  const title = "The graph of the demo: people, places and things of sixty memories, and what joins them";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="13">
  <title>${title}</title>
  <rect width="${width}" height="${height}" rx="12" fill="#f8fafc" />
  <g stroke="#cbd5e1">
${lines.join("\n")}
  </g>
  <g fill="#0f172a" paint-order="stroke" stroke="#f8fafc" stroke-width="3">
${nodes.map((node) => node.replaceAll("  <circle", `  <circle stroke="none"`)).join("\n")}
  </g>
</svg>
`;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
