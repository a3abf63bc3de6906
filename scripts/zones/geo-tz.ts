import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Corners in degrees: longitude, latitude. */
type Ring = [lon: number, lat: number][];

/** What one zone has of a square: the inside of its rings, by the even-odd rule. */
export interface Shape {
  zone: string;
  rings: Ring[];
}

/** A square of the map in degrees. */
export interface Square {
  west: number;
  south: number;
  width: number;
  height: number;
}
export const wholeWorld: Square = { west: -180, south: -90, width: 360, height: 180 };

/** South-west, south-east, north-west, north-east. */
export const quartersOf = ({ west, south, width, height }: Square): Square[] =>
  [0, 1, 2, 3].map((quarter) => ({
    west: west + (quarter % 2) * (width / 2),
    south: south + Math.floor(quarter / 2) * (height / 2),
    width: width / 2,
    height: height / 2,
  }));

/** A square of the package's map: what is in it, or its quarters in the order of `quartersOf`. */
export type Node = { shapes: () => Shape[] } | { zones: string[] } | { quarters: Node[] };

/** In the package: the numbers of zones, where in the file of shapes what is in it stands, or quarters by letter; missing on the open sea. */
type Entry = number[] | { pos: number; len: number } | { a?: Entry; b?: Entry; c?: Entry; d?: Entry };

interface Feature {
  properties: { tzid: string };
  geometry: { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };
}

/** The map of all time zones of the package `geo-tz`, installed in a folder: from OpenStreetMap, by timezone-boundary-builder (ODbL). */
export function readZoneShapes(folder: string): Node {
  const require = createRequire(join(folder, "node_modules", "geo-tz", "package.json"));
  const Pbf = require("pbf");
  const { decode } = require("geobuf");
  const data = join(folder, "node_modules", "geo-tz", "data", "timezones.geojson");
  const file = readFileSync(`${data}.geo.dat`);
  const { timezones, lookup }: { timezones: string[]; lookup: Entry } = JSON.parse(
    readFileSync(`${data}.index.json`, "utf8"),
  );
  const nodeOf = (entry?: Entry): Node => {
    if (entry === undefined) return { zones: [] };
    if (Array.isArray(entry)) return { zones: entry.map((number) => timezones[number] ?? "") };
    if (!("pos" in entry)) return { quarters: [entry.c, entry.d, entry.b, entry.a].map(nodeOf) };
    const { pos, len } = entry;
    return { shapes: () => decode(new Pbf(file.subarray(pos, pos + len))).features.map(shapeOf) };
  };
  return nodeOf(lookup);
}

function shapeOf({ properties, geometry }: Feature): Shape {
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  return { zone: properties.tzid, rings };
}
