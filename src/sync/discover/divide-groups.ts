import { groupMemory, isPartOf, partKey } from "../../documents/note-group.ts";
import type { Transition } from "../../domain/ledger.ts";
import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { sum } from "../../kernel/util/collections.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import type { DiscoverParts } from "./discover-parts.ts";

type DividedParts = Pick<DiscoverParts, "state" | "transformer" | "settings">;

/** The newest document of a group. */
interface NewestPart {
  part: number;
  characters: number;
}

/**
 * Gives notes that join a group to its newest document, or to another one when that is full, so that no document outgrows a day's budget and a note
 * never costs more than one of a limited size. A note stays in the document that has it. Changes the events of notes alone.
 */
export async function divideGroups(
  parts: DividedParts,
  scope: LedgerScope,
  transitions: readonly Transition[],
): Promise<Transition[]> {
  const newest = new Map<string, NewestPart>();
  const divided: Transition[] = [];
  for (const transition of transitions) divided.push(await assigned(parts, scope, transition, newest));
  return divided;
}

async function assigned(
  parts: DividedParts,
  scope: LedgerScope,
  transition: Transition,
  newest: Map<string, NewestPart>,
): Promise<Transition> {
  const { row, event } = transition;
  const groupKey = event.type === "skip" ? event.content.groupKey : null;
  if (event.type !== "skip" || groupKey === null) return transition;
  const key = isPartOf(row.groupKey, groupKey)
    ? row.groupKey
    : await joinedPart(parts, scope, { groupKey, memory: event.content.memory }, newest);
  return { row, event: { ...event, content: { ...event.content, groupKey: key } } };
}

async function joinedPart(
  parts: DividedParts,
  scope: LedgerScope,
  { groupKey, memory }: { groupKey: string; memory: Memory },
  newest: Map<string, NewestPart>,
): Promise<string> {
  const known = newest.get(groupKey) ?? (await newestPart(parts, scope, groupKey));
  const characters = charactersOf(parts, scope, memory);
  const fits =
    known.characters === 0 || known.characters + characters <= parts.settings.mergeDocumentCharacters;
  const joined = fits
    ? { part: known.part, characters: known.characters + characters }
    : { part: known.part + 1, characters };
  newest.set(groupKey, joined);
  return partKey(groupKey, joined.part);
}

async function newestPart(parts: DividedParts, scope: LedgerScope, groupKey: string): Promise<NewestPart> {
  let newest: NewestPart = { part: 1, characters: 0 };
  for (let part = 1; ; part++) {
    const rows = await parts.state.getGroup(scope, partKey(groupKey, part));
    if (rows.length === 0) return newest;
    newest = { part, characters: sum(rows.map((row) => charactersOfRow(parts, scope, row))) };
  }
}

function charactersOfRow(parts: DividedParts, scope: LedgerScope, row: LedgerRow): number {
  return isGroup(row) || row.payload === null ? 0 : charactersOf(parts, scope, row.payload);
}

/** How much a note adds to a shared document, about. */
export function charactersOf(
  { transformer }: Pick<DividedParts, "transformer">,
  { contextId }: Pick<LedgerScope, "contextId">,
  memory: Memory,
): number {
  // As the group writes it, which is not how a document of its own is written.
  const written = transformer.write(contextId, groupMemory("", [memory]));
  return written.kind === "document" ? written.text.length : 0;
}
