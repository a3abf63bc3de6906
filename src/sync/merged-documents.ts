import { createHash } from "node:crypto";
import { groupFileSourceOf } from "../documents/file-source.ts";
import type { MemoryTransformer, Written } from "../documents/memory-transformer.ts";
import { groupMemory } from "../documents/note-group.ts";
import { transitions as moves, newRow, type Transition } from "../domain/ledger.ts";
import { isGathering, isGroup, type LedgerRow } from "../domain/ledger-row.ts";
import type { MalformedMemory, Memory } from "../domain/memory.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { allRows } from "../state/ledger-rows.ts";
import type { LedgerScope, StateManager } from "../state/state-manager.ts";
import { keyOf } from "./memory-key.ts";

export interface MergeParts {
  state: Pick<StateManager, "getGroup">;
  transformer: Pick<MemoryTransformer, "write">;
  clock: Pick<Clock, "now">;
}

/** When documents of groups are written. */
export interface WriteRule {
  /** At once, and even if the text is unchanged. */
  force: boolean;
  /** In the form of this program, even if only the form would be another one. */
  renew?: boolean;
  /** How long notes are to have come to rest. */
  quietMs: number;
}

/** A row that is about to be stored. */
interface Change {
  row: LedgerRow;
  after: LedgerRow;
}

/** A group whose notes are changed, added or removed. */
interface TouchedGroup {
  scope: LedgerScope;
  groupKey: string;
  /** The new rows by memory id. */
  changed: Map<string, LedgerRow>;
}

/**
 * The transitions of the group documents that these rows affect. A group's document has its own row and is delivered like a memory;
 * its notes are `skipped` and keep its content. Save them in one transaction with the changes, so that a crash cannot leave a
 * document out of step with its notes.
 */
export async function mergedTransitions(
  parts: MergeParts,
  changes: readonly Change[],
  write: WriteRule,
): Promise<Transition[]> {
  const touched = touchedGroups(changes);
  if (touched.length === 0) return [];
  const ofGroups = await Promise.all(touched.map((group) => groupTransition(parts, group, write)));
  return ofGroups.flat();
}

function touchedGroups(changes: readonly Change[]): TouchedGroup[] {
  const groups = new Map<string, TouchedGroup>();
  for (const { row, after } of changes) {
    if (isGroup(row) || (after.groupKey === row.groupKey && after.payload === row.payload)) continue;
    for (const groupKey of new Set([row.groupKey, after.groupKey])) {
      if (groupKey !== null) touchedGroup(groups, row, groupKey).changed.set(row.memoryId, after);
    }
  }
  return [...groups.values()];
}

function touchedGroup(groups: Map<string, TouchedGroup>, row: LedgerRow, groupKey: string): TouchedGroup {
  const { connectorId, contextId } = row;
  const id = keyOf({ contextId, memoryId: groupKey });
  const group = groups.get(id) ?? { scope: { connectorId, contextId }, groupKey, changed: new Map() };
  groups.set(id, group);
  return group;
}

async function groupTransition(
  { state, transformer, clock }: MergeParts,
  { scope, groupKey, changed }: TouchedGroup,
  { force, renew = false, quietMs }: WriteRule,
): Promise<Transition[]> {
  const rows = new Map((await state.getGroup(scope, groupKey)).map((row) => [row.memoryId, row]));
  const fileSource = groupFileSourceOf(scope.contextId, groupKey);
  const row = rows.get(groupKey) ?? newRow({ ...scope, memoryId: groupKey }, fileSource, clock.now());
  for (const [memoryId, note] of changed) rows.set(memoryId, note);
  const memory = memoryOf(groupKey, [...rows.values()]);
  if (memory === null) return isRemovable(row) ? [{ row, event: { type: "vanish" } }] : [];
  const { contentHash } = transformer.write(scope.contextId, memory, force || renew ? null : row.contentHash);
  const isUnchanged = row.contentHash === contentHash && row.status !== "deleted";
  if (isUnchanged && !force) return [];
  const content = { memory, contentHash, sourceHash: null, groupKey, fileSource };
  const losesNote = [...changed.values()].some((note) => note.groupKey !== groupKey || note.payload === null);
  const notBefore = force || losesNote ? null : restsUntil(row, memory, { now: clock.now(), quietMs });
  return [{ row, event: { type: "upsert", content, ...(notBefore !== null && { notBefore }) } }];
}

/**
 * When the notes of a group will have come to rest, so that its document is written once for many of them; null when they have. A document that
 * LightRAG holds is written again a while after its first change; one of today, when no note came for a while. What leaves a document waits for
 * nothing.
 */
function restsUntil(
  row: LedgerRow,
  { members = [] }: Memory,
  { now, quietMs }: { now: number; quietMs: number },
): number | null {
  if (quietMs === 0) return null;
  const newest = Math.max(
    ...members.map(({ createdAt }) => Date.parse(createdAt)).filter((at) => at <= now),
    0,
  );
  const begun = isGathering(row) ? (row.nextAttemptAt ?? now) : now + (row.documentId === null ? 0 : quietMs);
  // A due time that no rule gives was written while a clock was ahead.
  const until = Math.max(Math.min(begun, now + quietMs), newest + quietMs);
  return until > now ? until : null;
}

/** The memory from which the group's document is written; null for an empty group. */
function memoryOf(groupKey: string, rows: readonly LedgerRow[]): Memory | null {
  const members = rows.flatMap((row) =>
    row.groupKey === groupKey && !isGroup(row) && row.payload !== null ? [row.payload] : [],
  );
  return members.length === 0 ? null : groupMemory(groupKey, members);
}

/** The expected document of a group's row; null for an empty group. */
export async function mergedDocumentOf(
  { state, transformer }: Pick<MergeParts, "state" | "transformer">,
  row: LedgerRow,
): Promise<(Written & { kind: "document" }) | null> {
  const memory = memoryOf(row.memoryId, await state.getGroup(row, row.memoryId));
  const written = memory && transformer.write(row.contextId, memory, row.contentHash);
  return written?.kind === "document" ? written : null;
}

interface RebuildParts extends MergeParts {
  state: Pick<StateManager, "getGroup" | "pageRows">;
  ledger: { apply(transitions: readonly Transition[]): Promise<unknown> };
}

/** Sends documents of groups again that LightRAG does not hold; the source shows only their notes. */
export async function rebuildInvalidated(parts: RebuildParts, connectorId: string): Promise<void> {
  for await (const row of allRows(parts.state, { connectorId, statuses: ["discovered"] })) {
    if (!isGroup(row)) continue;
    await parts.ledger.apply(await groupTransition(parts, wholeGroup(row), { force: true, quietMs: 0 }));
  }
}

/** The documents of groups that this program would write otherwise: the ledger has their notes, nothing has to be asked for. */
export async function* outdatedGroups(
  parts: MergeParts & { state: Pick<StateManager, "getGroup" | "pageRows"> },
  connectorId: string,
): AsyncGenerator<Transition> {
  const write = { force: false, renew: true, quietMs: 0 };
  for await (const row of allRows(parts.state, { connectorId, statuses: ["processed"] })) {
    if (isGroup(row)) yield* await groupTransition(parts, wholeGroup(row), write);
  }
}

function wholeGroup(row: LedgerRow): TouchedGroup {
  return { scope: row, groupKey: row.memoryId, changed: new Map() };
}

/** The malformed item for a memory whose id has the form of a group's key. */
export function namedLikeGroup({ id }: Memory): MalformedMemory {
  const fingerprint = createHash("sha256").update(id).digest("hex");
  return { id: null, problems: ["id: has the form of a name of a group of notes"], excerpt: id, fingerprint };
}

function isRemovable({ status, version }: LedgerRow): boolean {
  return version > 0 && moves[status].vanish !== undefined;
}
