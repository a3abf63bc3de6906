import { createHash } from "node:crypto";
import { fileSourceOf } from "../../documents/file-source.ts";
import { isGroupKey } from "../../documents/note-group.ts";
import { isErased, type LedgerEvent, newRow, type Transition } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { type MalformedMemory, problemsOf } from "../../domain/memory.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { MemoryPage } from "../../sources/memory-source.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import { knownRows } from "../known-rows.ts";
import { brokenItemId } from "../memory-key.ts";
import { namedLikeGroup } from "../merged-documents.ts";
import type { Coverage } from "../query-range.ts";
import type { RunReport } from "../report/run-report.ts";
import { rowError } from "../retry-policy.ts";
import type { DiscoverParts } from "./discover-parts.ts";

type BrokenParts = Pick<DiscoverParts, "state" | "ledger" | "clock">;
type SettlingParts = Pick<DiscoverParts, "state" | "ledger" | "settings">;

/** Of several items that share a row, the problems of so many are reported. */
const maxReported = 5;

/** The codes under which items of the source become dead letters. */
const itemCodes: readonly ErrorCode[] = [
  "MEMORY_MALFORMED",
  "MEMORY_UNDECODABLE",
  "MEMORY_TOO_LARGE",
  "MEMORY_ID_TAKEN",
];

/** What an item is, for a message; nothing of a whole memory whose id is the trouble. */
const isNoMemory = ({ code }: MalformedMemory): boolean => code !== "MEMORY_ID_TAKEN";

/** A broken item becomes a dead letter; the document of an earlier, valid version is kept. */
export async function ingestBroken(
  parts: BrokenParts,
  scope: LedgerScope,
  items: readonly MalformedMemory[],
  { counts }: Pick<RunReport, "counts">,
): Promise<void> {
  counts.malformed += items.length;
  const byId = Map.groupBy(items, brokenItemId);
  const known = await knownRows(parts, scope, [...byId.keys()]);
  const transitions = Array.from(byId).flatMap(([memoryId, same]): Transition[] => {
    const fileSource = fileSourceOf(scope.contextId, memoryId);
    const row = known.get(memoryId) ?? newRow({ ...scope, memoryId }, fileSource, parts.clock.now());
    const event = malformedEvent(same);
    const isKnown = row.contentHash === event.contentHash && row.status !== "deleted";
    return isKnown || isErased(row) ? [] : [{ row, event }];
  });
  await parts.ledger.apply(transitions);
}

function malformedEvent(items: readonly MalformedMemory[]) {
  const code = items[0]?.code ?? "MEMORY_MALFORMED";
  const error = rowError(new ConnectorError(code, messageOf(items)));
  return { type: "malformed", contentHash: commonFingerprint(items), error } satisfies LedgerEvent;
}

function messageOf(items: readonly MalformedMemory[]): string {
  const problems = [...new Set(items.flatMap((item) => problemsOf(item)))].slice(0, maxReported).join("; ");
  const positions = items.flatMap(({ position }) => position ?? []);
  if (!items.some(isNoMemory)) return problems;
  if (positions.length === 0) return `the item is not a memory: ${problems}`;
  const shown = positions.slice(0, maxReported).join(", ") + (positions.length > maxReported ? ", …" : "");
  return positions.length === 1
    ? `item ${shown} of the list is not a memory: ${problems}`
    : `${plural(positions.length, "item")} of the list (${shown}) are not memories: ${problems}`;
}

/** Independent of order and repetition. */
function commonFingerprint(items: readonly MalformedMemory[]): string {
  const fingerprints = [...new Set(items.map(({ fingerprint }) => fingerprint))].sort();
  const joined = fingerprints.join("\n");
  return fingerprints.length === 1 ? joined : createHash("sha256").update(joined).digest("hex");
}

const wasNeverAMemory = (row: LedgerRow): boolean =>
  row.documentId === null && row.memoryCreatedAt === null && !isErased(row);

/**
 * Tracks dead letters of broken items during a listing. Those that a complete listing no longer shows are settled: the item was
 * repaired, or is gone at the source.
 */
export class BrokenItems {
  readonly #parts: SettlingParts;
  readonly #rows: Map<string, LedgerRow>;

  private constructor(parts: SettlingParts, rows: Map<string, LedgerRow>) {
    this.#parts = parts;
    this.#rows = rows;
  }

  static async read(parts: SettlingParts, scope: LedgerScope): Promise<BrokenItems> {
    const rows = new Map<string, LedgerRow>();
    for await (const row of allRows(parts.state, { ...scope, statuses: ["dead"] })) {
      if (row.error !== null && itemCodes.includes(row.error.code)) rows.set(row.memoryId, row);
    }
    return new BrokenItems(parts, rows);
  }

  /** Items that the listing shows are not settled. */
  note({ memories, malformed }: MemoryPage): void {
    for (const item of malformed) this.#rows.delete(brokenItemId(item));
    for (const memory of memories) {
      this.#rows.delete(isGroupKey(memory.id) ? brokenItemId(namedLikeGroup(memory)) : memory.id);
    }
  }

  /**
   * Call for a complete listing. An item has no time that would show whether a narrower range covers it, so only a listing of
   * everything, or of the configured range, settles it. A document of an earlier version is treated according to `on_delete`. What never was a memory leaves no row: nothing
   * was deleted.
   */
  async settle(range: Coverage): Promise<void> {
    const { settings, ledger, state } = this.#parts;
    if (range !== "all" && range !== settings.queryRange) return;
    const rows = [...this.#rows.values()];
    await state.removeRows(rows.filter(wasNeverAMemory));
    const memories = rows.filter((row) => !wasNeverAMemory(row));
    const transitions = memories.flatMap((row): Transition[] => {
      if (row.documentId === null) return [{ row, event: { type: "vanish" } }];
      return settings.deletions.policy === "ignore" ? [{ row, event: { type: "tombstone" } }] : [];
    });
    await ledger.apply(transitions);
  }
}
