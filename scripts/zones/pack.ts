import { brotliCompressSync, constants } from "node:zlib";
import { cut, farBack, RecentZones, type ZonesHeader } from "../../src/documents/places/zone-map.ts";

/** A part of the world: its zone, or its south-western, south-eastern, north-western and north-eastern quarter. */
export type Part = string | readonly [Part, Part, Part, Part];

/** The map as a file. `countriesOf` a zone are ISO 3166-1 alpha-2 codes. */
export function packZones(world: Part, countriesOf: (zone: string) => string[]): Buffer {
  const bytes: number[] = [];
  const numbers = new Map<string, number>();
  const recent = new RecentZones();
  let parts = 0;
  const write = (part: Part): void => {
    parts += 1;
    if (typeof part !== "string") {
      bytes.push(cut);
      part.forEach(write);
      return;
    }
    const number = numbers.get(part) ?? numbers.size;
    numbers.set(part, number);
    const byte = recent.rankOf(number) + 1;
    bytes.push(Math.min(byte, farBack));
    if (byte >= farBack) bytes.push(byte - farBack);
  };
  write(world);
  const zones = [...numbers.keys()];
  const header: ZonesHeader = { zones, countries: zones.map(countriesOf), parts };
  return packed(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(bytes)]));
}

function packed(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}
