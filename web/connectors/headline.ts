import { counted, inWords } from "../words/numbers.ts";
import { capital, listed } from "../words/text.ts";
import type { ConnectorState } from "./connector-state.ts";

interface Standing {
  id: string;
  state: Pick<ConnectorState, "rank" | "forPerson">;
}

/** The title of the overview: the answer to "does anything need me?", out of the states that its rows show. */
export function headline(all: readonly Standing[]): string {
  if (all.length === 0) return "Nothing is carried yet.";
  const of = (rank: ConnectorState["rank"]) =>
    all.filter(({ state }) => state.rank === rank).map(({ id }) => id);
  const [needs, waits, works, rests] = [of("needs you"), of("waits"), of("at work"), of("at rest")];
  const forPerson = all.reduce((sum, { state }) => sum + state.forPerson, 0);
  const memories =
    forPerson === 0 ? null : `${counted(forPerson, "memory waits", "memories wait")} for a person`;
  const held = needs.length + waits.length;
  if (held === 0) return quietHeadline(all.length, { works, rests: rests.length, memories });
  const first = `${capital(inWords(held))} of ${connectors(all.length)} ${held === 1 ? "is" : "are"} held up.`;
  return `${first} ${needsText(needs, held, memories)}`;
}

/** `memories`: those that wait for a person; null where none does. */
function needsText(needs: readonly string[], held: number, memories: string | null): string {
  const own = held === 1 ? "It goes on by itself" : "They go on by themselves";
  if (needs.length === 0) return memories === null ? `${own}.` : `${own}, but ${memories}.`;
  const who = needs.length > 3 ? capital(inWords(needs.length)) : listed(needs);
  const need = `${who} ${needs.length === 1 ? "needs" : "need"} you`;
  if (memories !== null) return `${need}, and ${memories}.`;
  return needs.length === 1 ? `Only ${need}.` : `${need}.`;
}

interface Quiet {
  works: readonly string[];
  rests: number;
  memories: string | null;
}

function quietHeadline(all: number, { works, rests, memories }: Quiet): string {
  const needed = memories === null ? "Nothing needs you." : `${capital(memories)}.`;
  if (works.length > 0) {
    const who = works.length > 3 ? capital(connectors(works.length)) : listed(works);
    return `${who} ${works.length === 1 ? "is" : "are"} at work. ${needed}`;
  }
  if (rests > 0 && rests < all) return needed;
  const who = all === 1 ? "The one connector is" : `${every(all)} are`;
  const quiet = `${who} ${rests === all ? "at rest" : "up to date"}`;
  return memories === null ? `${quiet}.` : `${quiet}, but ${memories}.`;
}

const connectors = (number: number): string => `${inWords(number)} connector${number === 1 ? "" : "s"}`;

const every = (number: number): string => (number === 2 ? "Both connectors" : `All ${connectors(number)}`);
