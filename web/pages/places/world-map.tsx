import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { Topology } from "topojson-specification";
import world from "world-atlas/land-110m.json" with { type: "json" };
import { counted } from "../../words/numbers.ts";
import { type Area, areaAddress, nameOf } from "./area.ts";

const width = 900;
const height = 420;
/** Coasts are too coarse to say anything closer than this. Degrees. */
const leastSpan = 8;

const topology = world as unknown as Topology;
const land = feature(topology, topology.objects.land as Topology["objects"][string]);

/** Circles over the coasts of the world, as wide as there are memories. The list of places says the same. */
export function WorldMap({ areas }: { areas: readonly Area[] }) {
  const frame = frameOf(areas);
  const projection = geoEqualEarth()
    .rotate([-(frame.west + frame.east) / 2, 0])
    .fitExtent(
      [
        [30, 30],
        [width - 30, height - 30],
      ],
      {
        type: "MultiPoint",
        coordinates: [
          [frame.west, frame.south],
          [frame.west, frame.north],
          [frame.east, frame.south],
          [frame.east, frame.north],
        ],
      },
    )
    .clipExtent([
      [0, 0],
      [width, height],
    ]);
  const most = areas.reduce((max, { memories }) => Math.max(max, memories), 1);
  return (
    <svg class="map wide" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path class="f-h1" d={geoPath(projection)(land) ?? ""} />
      {areas.map((area) => {
        const [x, y] = projection(middleOf(area)) ?? [-99, -99];
        return (
          <a key={`${area.connectorId} ${area.area}`} href={areaAddress(area)} tabindex={-1}>
            <circle
              class="f-accent s-surface"
              cx={x}
              cy={y}
              r={5 + 15 * Math.sqrt(area.memories / most)}
              fill-opacity="0.75"
            >
              <title>{`${nameOf(area)}: ${counted(area.memories, "memory", "memories")}`}</title>
            </circle>
          </a>
        );
      })}
    </svg>
  );
}

const middleOf = ({ box }: Area): [number, number] => [
  (box.west + box.east) / 2,
  (box.south + box.north) / 2,
];

/** Around all areas, not closer than the coasts allow. */
function frameOf(areas: readonly Area[]) {
  const [west, east] = spread(
    areas.map((area) => middleOf(area)[0]),
    180,
  );
  const [south, north] = spread(
    areas.map((area) => middleOf(area)[1]),
    90,
  );
  return { west, east, south, north };
}

function spread(values: readonly number[], limit: number): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0, leastSpan - (most - least)) / 2;
  return [Math.max(-limit, least - room), Math.min(limit, most + room)];
}
