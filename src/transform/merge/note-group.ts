import type { Memory, MemoryLocation } from "../../memory/memory.ts";
import { contentOf, hasContent } from "../content.ts";
import { factsOf } from "../facts.ts";
import { localTime } from "../local-time.ts";

export interface MergeRule {
  /** Notes whose content is longer are documents of their own. UTF-16 units. */
  maxCharacters: number;
}

/** Some 11 km: one town, one group. A grid and not a name, because names may get better later and grids do not. */
const cellDecimals = 1;

/**
 * The group that a memory belongs to: `2023-05-18~19.1_72.9`, its local day and a tenth of a degree around its place
 * (`no-place` without one). Null for a memory that stays alone: it is too long, or there is nothing in it.
 * The key depends on this memory alone, never on what else there is, so a group keeps its name as members come and go.
 */
export function groupKeyOf(memory: Memory, rule: MergeRule): string | null {
  const { pendingMedia, timeZone } = factsOf(memory);
  if (pendingMedia || !hasContent(memory) || contentOf(memory).length > rule.maxCharacters) return null;
  const { date } = localTime(memory.createdAt, timeZone);
  return `${date}~${memory.location === null ? "no-place" : cellOf(memory.location)}`;
}

function cellOf({ lat, lon }: MemoryLocation): string {
  // One meridian with two names.
  return `${tenth(lat)}_${tenth(lon === -180 ? 180 : lon)}`;
}

/** Adding 0 makes -0 a plain 0. */
function tenth(degrees: number): string {
  return (Number(degrees.toFixed(cellDecimals)) + 0).toFixed(cellDecimals);
}

/** Memories by what becomes of them: documents of their own, or members of groups by key. Orders are kept. */
export function groupNotes(memories: readonly Memory[], rule: MergeRule) {
  const alone: Memory[] = [];
  const groups = new Map<string, Memory[]>();
  for (const memory of memories) {
    const key = groupKeyOf(memory, rule);
    const members = key === null ? alone : (groups.get(key) ?? []);
    members.push(memory);
    if (key !== null) groups.set(key, members);
  }
  return { alone, groups };
}
