import { factsOf, type Memory, type MemoryLocation, zoneOf } from "../../domain/memory.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { contentOf, hasContent } from "../content.ts";
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
  const { pendingMedia } = factsOf(memory);
  if (pendingMedia || !hasContent(memory) || contentOf(memory).length > rule.maxCharacters) return null;
  const { date } = localTime(memory.createdAt, zoneOf(memory));
  return `${date}~${memory.location === null ? "no-place" : cellOf(memory.location)}`;
}

/** Whether a text has the form of a group's key, so that a memory with such an id would be taken for a group. */
export function isGroupKey(text: string): boolean {
  return /^[+-]?\d{4,6}-\d\d-\d\d~(no-place|-?\d+\.\d_-?\d+\.\d)$/u.test(text);
}

function cellOf({ lat, lon }: MemoryLocation): string {
  // One meridian with two names.
  return `${tenth(lat)}_${tenth(lon === -180 ? 180 : lon)}`;
}

/** Adding 0 makes -0 a plain 0. */
function tenth(degrees: number): string {
  return (Number(degrees.toFixed(cellDecimals)) + 0).toFixed(cellDecimals);
}

/**
 * What a group's document is written from: the group as one memory, as old as its oldest note. `members` must not be empty;
 * their order does not matter.
 */
export function groupMemory(groupKey: string, members: readonly Memory[]): Memory {
  const ordered = oldestFirst(members);
  return {
    id: groupKey,
    type: "notes",
    audio: false,
    image: false,
    transcript: "",
    location: null,
    createdAt: ordered[0]?.createdAt ?? "",
    updatedAt: null,
    title: null,
    tags: [],
    members: ordered,
  };
}

export function oldestFirst(memories: readonly Memory[]): Memory[] {
  return memories.toSorted(
    (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || compareCodePoints(a.id, b.id),
  );
}
