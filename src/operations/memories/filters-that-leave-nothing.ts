import { setImmediate } from "node:timers/promises";
import type { z } from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import { shortened } from "../../kernel/util/text.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { momentText } from "../moments.ts";
import { type memoryFilterFields, memoryQueries } from "./memory-filter.ts";
import type { Near } from "./near.ts";

type Filter = z.output<z.ZodObject<typeof memoryFilterFields>>;

/** One condition that a person has set, and what a memory is that meets it: `has the tag "kayak"`. */
interface Condition {
  filter: Filter;
  near: Near | undefined;
  words: string;
}

interface Search {
  connectors: readonly Pick<ConnectorConfig, "id" | "timezone">[];
  filter: Filter;
  near: Near | undefined;
}

/**
 * Of a search that found nothing, which of its conditions no memory meets by itself; or that each is met and not all together. Null for a search
 * without conditions. Asks the index of memories once for each.
 */
export async function filtersThatLeaveNothing(
  state: Pick<StateManager, "searchMemories">,
  { connectors, filter, near }: Search,
  signal: AbortSignal,
): Promise<string | null> {
  const conditions = conditionsOf(filter, near);
  const unmet: Condition[] = [];
  for (const condition of conditions)
    if (!(await isMet(state, connectors, condition, signal))) unmet.push(condition);
  const words = (some: readonly Condition[]) => some.map((each) => each.words);
  if (unmet.length > 0) return `No memory ${words(unmet).join(", and none ")}.`;
  if (conditions.length < 2) return null;
  return `There are memories for each of these, and none for all: one that ${words(conditions).join(", one that ")}.`;
}

async function isMet(
  state: Pick<StateManager, "searchMemories">,
  connectors: Search["connectors"],
  { filter, near }: Condition,
  signal: AbortSignal,
): Promise<boolean> {
  for (const query of memoryQueries(connectors, filter, near)) {
    let after: string | null = null;
    do {
      // The reads are synchronous: yield to the event loop.
      await setImmediate();
      signal.throwIfAborted();
      const page = await state.searchMemories(query, { limit: 1, after });
      if (page.rows.length > 0) return true;
      after = page.next;
    } while (after !== null);
  }
  return false;
}

function conditionsOf(filter: Filter, near: Near | undefined): Condition[] {
  const { contextId, status, standing, text, tag, person, place, area, code, since, until, timezone } =
    filter;
  const on = (part: Filter, words: string): Condition => ({ filter: part, near: undefined, words });
  const span = [
    ...(since === undefined ? [] : [`from ${momentText(since)}`]),
    ...(until === undefined ? [] : [`up to ${momentText(until)}`]),
  ];
  return [
    contextId !== undefined && on({ contextId }, `is of the context ${quoted(contextId)}`),
    status !== undefined && on({ status }, `stands at ${status}`),
    standing !== undefined && on({ standing }, standing === "live" ? "is live" : "is not live"),
    span.length > 0 && on({ since, until, timezone }, `was recorded ${span.join(" ")}`),
    text !== undefined && on({ text }, `has the words ${quoted(text)}`),
    tag !== undefined && on({ tag }, `has the tag ${quoted(tag)}`),
    person !== undefined && on({ person }, `names the person ${quoted(person)}`),
    place !== undefined && on({ place }, `is from ${quoted(place)}`),
    near !== undefined && { filter: {}, near, words: `is within ${near.radiusKm} km of ${nameOf(near)}` },
    area !== undefined && on({ area }, `is from the area ${area}`),
    code !== undefined && on({ code }, `has the error ${code}`),
  ].filter((condition) => condition !== false);
}

const quoted = (text: string): string => JSON.stringify(shortened(text, 100));

const nameOf = ({ town, centre }: Near): string => town ?? `${centre.lat},${centre.lon}`;
