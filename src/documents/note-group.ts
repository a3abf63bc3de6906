import { factsOf, type Memory, type MemoryLocation, zoneOf } from "../domain/memory.ts";
import { compareCodePoints } from "../kernel/util/code-point-order.ts";
import { contentOf, hasContent } from "./content.ts";
import type { DocumentForm } from "./document-forms.ts";
import { groupFileSourceOf } from "./file-source.ts";
import { fingerprinted } from "./fingerprint.ts";
import { identified, shownId } from "./first-form/identity-line.ts";
import { groupText } from "./group-text.ts";
import { localTime } from "./local-time.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";

export interface MergeRule {
  /** Notes with longer content are documents of their own. UTF-16 units. */
  maxCharacters: number;
}

/** Some 11 km: one town, one group. A grid rather than a name, because names may be improved later and grids are not. */
const cellDecimals = 1;

/**
 * The group that a memory belongs to: `2023-05-18~19.1_72.9`, its local day and a tenth of a degree around its place (`no-place`
 * without one). Null for a memory that is not merged: it is too long, or empty. The key depends on this memory alone, so a group
 * keeps its name as members are added and removed.
 */
export function groupKeyOf(memory: Memory, rule: MergeRule): string | null {
  const { pendingMedia } = factsOf(memory);
  if (pendingMedia || !hasContent(memory) || contentOf(memory).length > rule.maxCharacters) return null;
  const { date } = localTime(memory.createdAt, zoneOf(memory));
  return `${date}~${memory.location === null ? "no-place" : cellOf(memory.location)}`;
}

/** Whether a text has the form of a group's key, so that a memory with such an id would be taken for a group. */
export function isGroupKey(text: string): boolean {
  return /^[+-]?\d{4,6}-\d\d-\d\d~(no-place|-?\d+\.\d_-?\d+\.\d)(~\d+)?$/u.test(text);
}

/** The key of the nth document of a group that is divided; the first has the group's own: `2023-05-18~no-place~2`. */
export function partKey(groupKey: string, part: number): string {
  return part === 1 ? groupKey : `${groupKey}~${part}`;
}

/** Whether a key is that of the group or of one of its parts. */
export function isPartOf(key: string | null, groupKey: string): key is string {
  return key === groupKey || (key?.startsWith(`${groupKey}~`) ?? false);
}

function cellOf({ lat, lon }: MemoryLocation): string {
  // -180 and 180 are the same meridian.
  return `${tenth(lat)}_${tenth(lon === -180 ? 180 : lon)}`;
}

/** Adding 0 makes -0 a plain 0. */
function tenth(degrees: number): string {
  return (Number(degrees.toFixed(cellDecimals)) + 0).toFixed(cellDecimals);
}

/**
 * Represents a group as one memory, as old as its oldest note, from which its document is written. `members` must not be empty;
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

/** The document of a group of notes. */
interface GroupDocument {
  form: DocumentForm;
  fileSource: string;
  text: string;
  /** SHA-256, hex, of the text: changes exactly when a member is added, removed or changed. */
  contentHash: string;
}

/**
 * Writes the notes of one group as one document, oldest first: what they share on top, then each under a line with its id. The same
 * members give the same bytes, in any order. `members` must not be empty.
 */
export function groupDocument(
  contextId: string,
  groupKey: string,
  members: readonly Memory[],
  { form, strategy }: { form: DocumentForm; strategy: TransformationStrategy },
): GroupDocument {
  const fileSource = groupFileSourceOf(contextId, groupKey);
  const ordered = oldestFirst(members);
  if (form === 2)
    return { form, fileSource, ...fingerprinted([contextId, groupKey], groupText(ordered, strategy)) };
  const body = ordered
    .map((memory) => `Memory ${shownId(memory.id)}\n${strategy.firstForm(memory)}`)
    .join("\n\n");
  return {
    form,
    fileSource,
    ...identified(`Memories of ${groupKey.replace("~", ", ")} of ${shownId(contextId)}`, body),
  };
}
