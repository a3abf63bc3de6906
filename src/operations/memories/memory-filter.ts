import * as z from "zod";
import { isArea } from "../../domain/areas.ts";
import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { foldText } from "../../kernel/util/text.ts";
import type { FacetKind, MemoryQuery } from "../../state/memory-query.ts";
import { failedStatuses } from "../errors/list-errors.ts";
import { errorCodeField, instantField, textOf } from "../fields.ts";
import { nearCompanion, nearFields } from "./near.ts";

export const areaField = z
  .string()
  .refine(isArea, { error: "must be an area as `places` names them, such as 0.1:38.7:-9.2" });

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
  ...nearFields,
  area: areaField.optional().describe("only those from this area of `places`"),
  code: errorCodeField.optional().describe("only those with this error, as `errors` counts them"),
};

export const memoryFilterCompanions = [nearCompanion] as const;

type Filter = z.output<z.ZodObject<typeof memoryFilterFields>>;

/** The same as the ledger's query, but for where: a name has to be looked up (`findNear`). */
export function memoryQuery(filter: Filter): Omit<MemoryQuery, "connectorId" | "near"> {
  const { contextId, since, until, text, code } = filter;
  return {
    ...{ contextId, since, until, errorCode: code, facets: facetsOf(filter) },
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
