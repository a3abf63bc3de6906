import * as z from "zod";
import { findTowns, type Town, townsLike } from "../../documents/places/find-towns.ts";
import type { MemoryLocation } from "../../domain/memory.ts";
import { InputRuleError } from "../input-rules.ts";

/** `38.71,-9.14`: latitude and longitude in degrees. */
const coordinates = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$/u;

const longestName = 200;
const mostOthers = 5;
const usualRadiusKm = 10;

const isPlace = (text: string): boolean => /\p{L}/u.test(text) || parseCoordinates(text) !== null;

function whyNoPlace(text: string): string {
  const [, lat, lon] = coordinates.exec(text) ?? [];
  if (lat !== undefined && Math.abs(Number(lat)) > 90)
    return `must be a place on earth: latitudes go from -90 to 90, and this is ${lat}`;
  if (lon !== undefined)
    return `must be a place on earth: longitudes go from -180 to 180, and this is ${lon}`;
  return "must be a latitude and a longitude such as 38.71,-9.14, or the name of a town";
}

/** A circle, as an input. */
export const nearFields = {
  near: z
    .string()
    .max(longestName, { error: `must have 1 to ${longestName} characters` })
    .refine(isPlace, { error: ({ input }) => whyNoPlace(String(input)) })
    .optional()
    .describe("only those from around this latitude and longitude, such as 38.71,-9.14, or around this town"),
  radiusKm: z.coerce
    .number()
    .positive()
    .max(20_100)
    .optional()
    .describe("how far around `near`, in kilometres")
    .meta({ default: usualRadiusKm }),
};

export const nearCompanion = {
  key: "radiusKm",
  beside: "near",
  reason: "a radius says nothing without the place that it is around",
} as const;

/** Where was looked, for an answer. */
export const nearSchema = z
  .strictObject({
    lat: z.number(),
    lon: z.number(),
    radiusKm: z.number(),
    town: z.string().nullable().describe("whose middle that is; null where coordinates were given"),
    others: z.array(z.string()).describe("other towns of that name; written like this, they are asked for"),
  })
  .nullable()
  .describe("where `near` is: of towns with one name, where most people live; null without `near`");

export interface Near {
  centre: MemoryLocation;
  radiusKm: number;
  town: string | null;
  others: readonly string[];
}

/** The circle that is asked for, undefined for none. Throws `PLACE_UNKNOWN` with names that are similar. */
export async function findNear({
  near,
  radiusKm = usualRadiusKm,
}: z.output<z.ZodObject<typeof nearFields>>): Promise<Near | undefined> {
  if (near === undefined) return undefined;
  const centre = parseCoordinates(near);
  if (centre !== null) return { centre, radiusKm, town: null, others: [] };
  const [town, ...others] = await findTowns(near);
  if (town === undefined) throw await placeUnknown(near);
  const names = [...new Set(others.map(nameOf))];
  return { centre: town.location, radiusKm, town: nameOf(town), others: names.slice(0, mostOthers) };
}

export function nearJson(near: Near | undefined): z.input<typeof nearSchema> {
  if (near === undefined) return null;
  const { centre, radiusKm, town, others } = near;
  return { ...centre, radiusKm, town, others: [...others] };
}

const nameOf = ({ name, region, country }: Town): string =>
  [name, region, country].filter((part) => part !== null).join(", ");

async function placeUnknown(named: string): Promise<InputRuleError> {
  const like = [...new Set((await townsLike(named)).map(nameOf))].slice(0, mostOthers);
  const coordinatesHint = "or give a latitude and a longitude such as 38.71,-9.14";
  const hint = like.length === 0 ? undefined : `there are: ${like.join("; ")}; ${coordinatesHint}`;
  return new InputRuleError("PLACE_UNKNOWN", "near", `no town is called "${named}"`, hint);
}

function parseCoordinates(text: string): MemoryLocation | null {
  const [, lat, lon] = coordinates.exec(text) ?? [];
  const spot = { lat: Number(lat), lon: Number(lon) };
  return Math.abs(spot.lat) <= 90 && Math.abs(spot.lon) <= 180 ? spot : null;
}
