import type { places } from "../../../src/operations/memories/places.ts";
import type { Answer } from "../../api/endpoint.ts";
import { addressOf } from "../../shell/router.ts";

/** A square of degrees with the memories that were recorded in it. */
export type Area = Answer<typeof places>["places"][number];

/** Its name, or its middle where no memory of it has one. */
export function nameOf({ name, box }: Area): string {
  const middle = (a: number, b: number) => ((a + b) / 2).toFixed(2);
  return name ?? `${middle(box.south, box.north)}, ${middle(box.west, box.east)}`;
}

export const areaAddress = ({ connectorId, area }: Area): string =>
  addressOf(["memories"], { connector: connectorId, area });
