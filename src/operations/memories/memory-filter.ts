import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import { isArea } from "../../domain/areas.ts";
import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { timeZone } from "../../kernel/settings/types.ts";
import { foldText } from "../../kernel/util/text.ts";
import type { FacetKind, MemoryQuery } from "../../state/memory-query.ts";
import { failedStatuses } from "../errors/list-errors.ts";
import { errorCodeField, textOf } from "../fields.ts";
import { momentField, spanIn } from "../moments.ts";
import { type Near, nearCompanion, nearFields } from "./near.ts";

export const areaField = z
  .string()
  .refine(isArea, { error: "must be an area as `places` names them, such as 0.1:38.7:-9.2" });

/** Whose calendar says what a day is. */
export const calendarField = timeZone()
  .optional()
  .describe(
    "whose days and clocks, such as Europe/Berlin; those of each connector's `timezone` when left out",
  );

/** Filters for memories, besides connector and page. All given filters have to match. */
export const memoryFilterFields = {
  contextId: textOf(500).optional().describe("only of this context"),
  status: z.enum(ledgerStatuses).optional().describe("only those that stand here"),
  standing: z
    .enum(["live", "not_live"])
    .optional()
    .describe(
      "`not_live`: only those that failed, wait for a person, are being removed or are deleted; `live`: the others",
    ),
  since: momentField.optional().describe("only those recorded at this time, on this day or later"),
  until: momentField.optional().describe("only those recorded at this time, on this day or earlier"),
  timezone: calendarField,
  text: textOf(500)
    .refine((text) => wordsOf(text).length > 0, { error: "must have a word" })
    .optional()
    .describe(
      "only those in whose words each of these occurs, as far as `state.keep_text` lets the ledger keep any",
    ),
  tag: textOf(100).optional().describe("only those with this tag"),
  person: textOf(100).optional().describe("only those that name this person, or in which they speak"),
  place: textOf(100).optional().describe("only those from this district, town, region or country"),
  ...nearFields,
  area: areaField.optional().describe("only those from this area of `places`"),
  code: errorCodeField.optional().describe("only those with this error, as `errors` counts them"),
};

export const memoryFilterCompanions = [nearCompanion] as const;

type Filter = z.output<z.ZodObject<typeof memoryFilterFields>>;

/** The same as the queries of the ledger, one for each connector, whose calendar its days are of. `near`: the place that was looked up. */
export function memoryQueries(
  connectors: readonly Pick<ConnectorConfig, "id" | "timezone">[],
  filter: Filter,
  near: Near | undefined,
): MemoryQuery[] {
  const query = { ...timelessQuery(filter), near };
  return connectors.map(({ id, timezone }) => ({
    ...query,
    ...spanIn(filter.timezone ?? timezone, filter),
    connectorId: id,
  }));
}

function timelessQuery(filter: Filter): Omit<MemoryQuery, "connectorId" | "near"> {
  const { contextId, text, code } = filter;
  return {
    ...{ contextId, errorCode: code, facets: facetsOf(filter) },
    statuses: statusesOf(filter),
    ...(text !== undefined && { words: wordsOf(text) }),
  };
}

/** Case-folded, without control characters, some of which the full-text index does not accept. */
function wordsOf(text: string): string[] {
  return foldText(text)
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean);
}

const notLive: readonly LedgerStatus[] = ["failed", "dead", "deleting", "deleted"];

/** A row may have the error of an earlier attempt and be in delivery again. */
function statusesOf({ status, standing, code }: Filter): LedgerStatus[] | undefined {
  if (status === undefined && standing === undefined && code === undefined) return undefined;
  return ledgerStatuses.filter(
    (each) =>
      (status === undefined ? code === undefined || failedStatuses.includes(each) : each === status) &&
      (standing === undefined || notLive.includes(each) === (standing === "not_live")),
  );
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
