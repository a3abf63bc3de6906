import type { places } from "../../../src/operations/memories/places.ts";
import type { Answer } from "../../api/endpoint.ts";
import { addressOf } from "../../shell/router.ts";

/** A square of degrees with the memories that were recorded in it. */
export type Area = Answer<typeof places>["places"][number];

/** Its name, or its middle where no memory of it has one. */
export function nameOf({ name, box }: Area): string {
  const [lat, lon] = middleOf({ box });
  return name ?? `${lat.toFixed(2)}, ${lon.toFixed(2)}`;
}

/** Latitude and longitude. An area at a pole or at the date line goes on beyond it, where nothing is. */
export function middleOf({ box }: Pick<Area, "box">): [lat: number, lon: number] {
  const [north, east] = [Math.min(90, box.north), Math.min(180, box.east)];
  return [(box.south + north) / 2, (box.west + east) / 2];
}

export const areaAddress = ({ connectorId, area }: Area): string =>
  addressOf(["memories"], { connector: connectorId, area });
