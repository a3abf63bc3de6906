import * as z from "zod";
import { isArea } from "../../domain/areas.ts";
import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { foldText } from "../../kernel/util/text.ts";
import type { FacetKind, MemoryQuery } from "../../state/memory-query.ts";
import { failedStatuses } from "../errors/list-errors.ts";
import { errorCodeField, instantField, textOf } from "../fields.ts";

/** `38.71,-9.14`: latitude and longitude in degrees. */
const coordinates = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$/u;

const nearField = z.string().refine((text) => parseCoordinates(text) !== null, {
  error: "must be a latitude and a longitude such as 38.71,-9.14",
});

export const areaField = z
  .string()
  .refine(isArea, { error: "must be an area as `places` names them, such as 0.1:38.7:-9.2" });

const usualRadiusKm = 10;

/** Filters for memories, besides connector and page. All given filters have to match. */
export const memoryFilterFields = {
  contextId: textOf(500).optional().describe("only of this context"),
  status: z.enum(ledgerStatuses).optional().describe("only those that stand here"),
  since: instantField.optional().describe("only those recorded at this time or later"),
  until: instantField.optional().describe("only those recorded at this time or earlier"),
  text: textOf(500)
    .refine((text) => wordsOf(text).length > 0, { error: "must have a word" })
    .optional()
    .describe(
      "only those in whose words each of these occurs, as far as `state.keep_text` lets the ledger keep any",
    ),
  tag: textOf(100).optional().describe("only those with this tag"),
  person: textOf(100).optional().describe("only those that name this person"),
  place: textOf(100).optional().describe("only those from this district, town, region or country"),
  near: nearField
    .optional()
    .describe("only those from around this latitude and longitude, such as 38.71,-9.14"),
  radiusKm: z.coerce
    .number()
    .positive()
    .max(20_100)
    .optional()
    .describe("how far around `near`, in kilometres")
    .meta({ default: usualRadiusKm }),
  area: areaField.optional().describe("only those from this area of `places`"),
  code: errorCodeField.optional().describe("only those with this error, as `errors` counts them"),
};

export const memoryFilterCompanions = [
  { key: "radiusKm", beside: "near", reason: "a radius says nothing without the place that it is around" },
] as const;

type Filter = z.output<z.ZodObject<typeof memoryFilterFields>>;

/** The same as the ledger's query. */
export function memoryQuery(filter: Filter): Omit<MemoryQuery, "connectorId"> {
  const { contextId, status, since, until, text, near, radiusKm = usualRadiusKm, code } = filter;
  const centre = near === undefined ? null : parseCoordinates(near);
  return {
    ...{ contextId, since, until, errorCode: code, facets: facetsOf(filter) },
    statuses: statusesOf(status, code),
    ...(centre && { near: { centre, radiusKm } }),
    ...(text !== undefined && { words: wordsOf(text) }),
  };
}

/** Case-folded, without control characters, some of which the full-text index does not accept. */
function wordsOf(text: string): string[] {
  return foldText(text)
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean);
}

/** A row may have the error of an earlier attempt and be in delivery again. */
function statusesOf(status: LedgerStatus | undefined, code: string | undefined) {
  if (status !== undefined) return [status];
  return code === undefined ? undefined : failedStatuses;
}

function facetsOf({ tag, person, place, area }: Filter) {
  const named = (kind: FacetKind, name: string | undefined) =>
    name === undefined ? [] : [{ kind, key: foldText(name.trim().replaceAll(/\s+/gu, " ")) }];
  return [
    ...named("tag", tag?.replace(/^#/u, "")),
    ...named("person", person),
    ...named("place", place),
    ...named("area", area),
  ];
}

function parseCoordinates(text: string): { lat: number; lon: number } | null {
  const [, lat, lon] = coordinates.exec(text) ?? [];
  const spot = { lat: Number(lat), lon: Number(lon) };
  return Math.abs(spot.lat) <= 90 && Math.abs(spot.lon) <= 180 ? spot : null;
}
