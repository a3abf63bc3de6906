import type { ConnectorConfig } from "../../config/config.ts";
import { plural } from "../../kernel/util/readable.ts";

/** What a search may ask for that the ledger does not have of every memory. */
export interface FacetSearch {
  text?: string | undefined;
  tag?: string | undefined;
  person?: string | undefined;
  place?: string | undefined;
}

type Finding = Pick<ConnectorConfig, "id" | "transformation">;

const words = "It is asked for words, of which the ledger has those that `state.keep_text` lets it keep.";

/** What the settings of the connectors have to do with a search that found nothing; null where they do not stand in its way. */
export function whyNothingWasFound(search: FacetSearch, connectors: readonly Finding[]): string | null {
  const { text, tag, person, place } = search;
  const asksForTags = tag !== undefined || person !== undefined;
  const reasons = [
    text === undefined ? null : words,
    asksForTags ? missing("tags and people", "extract_tags", connectors, findsTags) : null,
    place === undefined ? null : missing("names of places", "geocoding", connectors, findsPlaces),
  ].filter((reason) => reason !== null);
  return reasons.length === 0 ? null : reasons.join(" ");
}

const findsFacts = ({ transformation: { strategy } }: Finding): boolean => strategy !== "standard";
const findsTags = (one: Finding): boolean => findsFacts(one) && one.transformation.extractTags;
const findsPlaces = (one: Finding): boolean => findsFacts(one) && one.transformation.geocoding;

function missing(
  what: string,
  setting: string,
  connectors: readonly Finding[],
  finds: (one: Finding) => boolean,
): string | null {
  const blind = connectors.filter((one) => !finds(one));
  const [first] = blind;
  if (first === undefined) return null;
  const who = blind.length === 1 ? first.id : `${first.id} and ${plural(blind.length - 1, "other")}`;
  const only = `Of ${who} the ledger has only those ${what} that the source gives`;
  return `${only}: more are found with \`transformation.strategy\` rich or template and \`transformation.${setting}\` true.`;
}
