import type * as z from "zod";
import type { nearSchema } from "../operations/memories/near.ts";

/** Which town was meant by a name, and how to ask for another one; nothing where coordinates were given. */
export function nearText(near: z.output<typeof nearSchema>): string[] {
  if (near === null || near.town === null) return [];
  const { town, lat, lon, radiusKm, others } = near;
  const meant = `Near is within ${radiusKm} km of ${town} (${lat},${lon}).`;
  return [others.length === 0 ? meant : `${meant} Other towns of that name: ${others.join("; ")}.`];
}
