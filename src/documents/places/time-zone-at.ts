import type { MemoryLocation } from "../../domain/memory.ts";
import { isTimeZone } from "../../kernel/util/time-zone.ts";
import { ZoneMap } from "./zone-map.ts";

let map: Promise<ZoneMap> | null = null;

/** The map of the package, read at the first use and kept. */
export function zoneMap(): Promise<ZoneMap> {
  map ??= ZoneMap.read().catch((thrown: unknown) => {
    map = null;
    throw thrown;
  });
  return map;
}

/**
 * The IANA zone of a place: right for 99.9 of 100 towns, and within a kilometre of a border sometimes the neighbour's. On the open sea the nautical
 * one. Null when this machine's time zone data does not know the zone.
 */
export async function timeZoneAt({ lat, lon }: MemoryLocation): Promise<string | null> {
  // The map's two edges are the same meridian and must not give two zones.
  const location = { lat, lon: lon === -180 ? 180 : lon };
  const zone = (await zoneMap()).zoneAt(location) ?? nauticalZone(location.lon);
  return isTimeZone(zone) ? zone : null;
}

/** Of ships: an hour for each 15 degrees. Their names have the sign turned round. */
function nauticalZone(lon: number): string {
  const hours = Math.round(lon / 15);
  return hours === 0 ? "Etc/GMT" : `Etc/GMT${hours < 0 ? "+" : "-"}${Math.abs(hours)}`;
}
