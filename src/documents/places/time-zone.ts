import zoneOf from "@photostructure/tz-lookup";
import type { MemoryLocation } from "../../domain/memory.ts";
import { isTimeZone } from "../local-time.ts";

/**
 * The IANA zone of a place, from a map of 70 kB: right for 99 of 100 towns, sometimes the neighbour's within some kilometres of a
 * border. Null when this machine's time zone data does not know the zone.
 */
export function timeZoneAt({ lat, lon }: MemoryLocation): string | null {
  // The map's two edges are one meridian on Earth; they must not be two zones.
  const zone = zoneOf(lat, lon === -180 ? 180 : lon);
  return isTimeZone(zone) ? zone : null;
}
