import { layoutOf } from "./layout.ts";
import type { Neighbourhood } from "./neighbourhood.ts";

const width = 800;
const height = 520;
/** More names than these would cover each other; the others say theirs under the pointer. */
const mostLabels = 14;

/** The neighbourhood as a picture. The list beside it says the same, so that it is hidden from screen readers. */
export function Picture({
  near: { names, edges },
  opened,
  addressOfName,
}: {
  near: Neighbourhood;
  opened: readonly string[];
  addressOfName: (name: string) => string;
}) {
  const places = layoutOf(names, edges, width, height);
  const at = (name: string) => places.get(name) ?? { x: 0, y: 0 };
  return (
    <svg class="graph" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {edges.map(({ source, target, weight }) => (
        <path
          key={`${source} ${target}`}
          class="s-edge"
          stroke-width={Math.min(5, 1 + Math.log2(1 + weight))}
          d={`M${at(source).x} ${at(source).y}L${at(target).x} ${at(target).y}`}
        />
      ))}
      {names.map((name) => (
        <a key={name} href={addressOfName(name)} tabindex={-1}>
          <circle
            class={opened.includes(name) ? "f-accent" : "f-person"}
            cx={at(name).x}
            cy={at(name).y}
            r={opened.includes(name) ? 16 : 9}
          >
            <title>{name}</title>
          </circle>
          {(names.length <= mostLabels || opened.includes(name)) && (
            <text class="lab" fill="currentColor" text-anchor="middle" x={at(name).x} y={at(name).y + 30}>
              {name}
            </text>
          )}
        </a>
      ))}
    </svg>
  );
}
