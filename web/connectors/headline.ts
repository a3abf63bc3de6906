import { inWords } from "../words/numbers.ts";
import { capital, listed } from "../words/text.ts";
import type { ConnectorState } from "./connector-state.ts";

interface Standing {
  id: string;
  state: Pick<ConnectorState, "rank">;
}

/** The title of the overview: the answer to "does anything need me?". */
export function headline(all: readonly Standing[]): string {
  if (all.length === 0) return "Nothing is carried yet.";
  const of = (rank: ConnectorState["rank"]) =>
    all.filter(({ state }) => state.rank === rank).map(({ id }) => id);
  const [needs, waits, works, rests] = [of("needs you"), of("waits"), of("at work"), of("at rest")];
  const held = needs.length + waits.length;
  if (held === 0) return quietHeadline(all.length, works, rests.length);
  const first = `${capital(inWords(held))} of ${connectors(all.length)} ${held === 1 ? "is" : "are"} held up.`;
  return `${first} ${needsText(needs, held)}`;
}

function needsText(needs: readonly string[], held: number): string {
  if (needs.length === 0) return held === 1 ? "It goes on by itself." : "They go on by themselves.";
  if (needs.length > 3) return `${capital(inWords(needs.length))} need you.`;
  return needs.length === 1 ? `Only ${needs[0]} needs you.` : `${listed(needs)} need you.`;
}

function quietHeadline(all: number, works: readonly string[], rests: number): string {
  if (rests === all) return all === 1 ? "The one connector is at rest." : `${every(all)} are at rest.`;
  if (works.length > 0) {
    const who = works.length > 3 ? capital(connectors(works.length)) : listed(works);
    return `${who} ${works.length === 1 ? "is" : "are"} at work. Nothing needs you.`;
  }
  if (all === 1) return "The one connector is up to date.";
  return rests === 0 ? `${every(all)} are up to date.` : "Nothing needs you.";
}

const connectors = (number: number): string => `${inWords(number)} connector${number === 1 ? "" : "s"}`;

const every = (number: number): string => (number === 2 ? "Both connectors" : `All ${connectors(number)}`);
