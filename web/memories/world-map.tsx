import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { Topology } from "topojson-specification";
import world from "world-atlas/land-110m.json" with { type: "json" };
import { nearOf } from "./near-spots.ts";

const width = 900;
const height = 420;
/** Coasts are too coarse to say anything closer than this. Degrees. */
const leastSpan = 8;

const topology = world as unknown as Topology;
const land = feature(topology, topology.objects.land as Topology["objects"][string]);

/** A circle on the map. */
export interface Spot {
  key: string;
  /** Longitude and latitude, degrees. */
  at: readonly [number, number];
  radius: number;
  /** How many memories it stands for. */
  weight: number;
  title: string;
  href?: string;
}

/**
 * Circles over the coasts of the world, as near as most of them allow: those far from all others lie outside, unless the map is `whole`. What is
 * beside it says the same in words.
 */
export function WorldMap({ spots, isWhole = false }: { spots: readonly Spot[]; isWhole?: boolean }) {
  const frame = frameOf(isWhole ? spots : nearOf(spots));
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
  return (
    <svg class="map wide" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path class="f-h1" d={geoPath(projection)(land) ?? ""} />
      {spots.map(({ key, at, radius, title, href }) => {
        const [x, y] = projection([...at]) ?? [-99, -99];
        const circle = (
          <circle class="f-accent s-surface" cx={x} cy={y} r={radius} fill-opacity="0.75">
            <title>{title}</title>
          </circle>
        );
        return href === undefined ? (
          <g key={key}>{circle}</g>
        ) : (
          <a key={key} href={href} tabindex={-1}>
            {circle}
          </a>
        );
      })}
    </svg>
  );
}

/** Around all of them, not closer than the coasts allow. */
function frameOf(spots: readonly Spot[]) {
  const [west, east] = spread(
    spots.map(({ at }) => at[0]),
    180,
  );
  const [south, north] = spread(
    spots.map(({ at }) => at[1]),
    90,
  );
  return { west, east, south, north };
}

function spread(values: readonly number[], limit: number): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0, leastSpan - (most - least)) / 2;
  return [Math.max(-limit, least - room), Math.min(limit, most + room)];
}
