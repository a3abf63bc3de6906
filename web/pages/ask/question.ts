import type { queryKnowledge } from "../../../src/operations/knowledge/query-knowledge.ts";
import type { Asking } from "../../api/endpoint.ts";

export type Question = Asking<typeof queryKnowledge>;

/** Ways to look, with what each is good for. */
export const modes = [
  ["mix", "mix: passages and the graph"],
  ["hybrid", "hybrid: all of the graph"],
  ["local", "local: entities"],
  ["global", "global: relations"],
  ["naive", "naive: passages alone"],
] as const;

export const filters = [
  { name: "since", label: "From", type: "date" },
  { name: "until", label: "To", type: "date" },
  { name: "near", label: "Near a town, or latitude,longitude", type: "text" },
  { name: "person", label: "Person", type: "text" },
  { name: "tag", label: "Tag", type: "text" },
] as const;

/** What an address asks, of what its page goes by; null for one without a question. */
export function questionOf(query: URLSearchParams): Question | null {
  const question = query.get("q");
  if (question === null) return null;
  const said = (name: string) => query.get(name) ?? undefined;
  return {
    question,
    mode: said("mode") as Question["mode"],
    connectorId: said("connector"),
    since: said("since"),
    until: said("until"),
    near: said("near"),
    person: said("person"),
    tag: said("tag"),
  };
}

/** The same question without what it is limited to by one name. */
export function withoutPart(question: Question, name: string): Question {
  const { [name as "near"]: _, ...rest } = question;
  return rest;
}
