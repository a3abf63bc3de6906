import { applyEvent, newRow } from "../../src/domain/ledger.ts";
import type { LedgerKey, LedgerRow } from "../../src/domain/ledger-row.ts";
import type { Memory } from "../../src/domain/memory.ts";
import type { RunRecord } from "../../src/domain/run-record.ts";
import type { ScheduleState, ScheduleStore } from "../../src/state/schedule-state.ts";
import type { StateManager } from "../../src/state/state-manager.ts";

export const scope = { connectorId: "notes", contextId: "ctx-1" };

/** With all that a memory may hold. */
export function memoryOf(id: string, transcript = "hello"): Memory {
  return {
    endedAt: "2025-01-01T11:00:00Z",
    timeZone: "Australia/Sydney",
    timeSource: "entry",
    url: "https://notes.example/1",
    placeName: "Harbour",
    language: "en",
    format: "markdown",
    attachments: [{ kind: "video", name: null }],
    segments: [{ speaker: "Ada", startMs: 0, endMs: null, text: "hello" }],
    id,
    type: "note",
    audio: true,
    image: false,
    transcript,
    location: { lat: -33.865, lon: 151.2094 },
    createdAt: "2025-01-01T10:00:00Z",
    updatedAt: null,
    title: "A title",
    tags: ["one", "two"],
  };
}

/** A row as the run makes it for a new memory: pending, never saved; without words, of which a state keeps none unless it is told to. */
export function pendingRow(key: Partial<LedgerKey> & { memoryId: string }, transcript?: string): LedgerRow {
  const memory = memoryOf(key.memoryId, transcript);
  const content = {
    memory,
    contentHash: "ab".repeat(32),
    sourceHash: "ef".repeat(32),
    groupKey: null,
    missing: { since: 1_735_689_700_000, listings: 2 },
    fileSource: `notes--${key.memoryId}.md`,
  };
  const row = newRow({ ...scope, ...key }, content.fileSource, 1000);
  return { ...applyEvent(row, { type: "upsert", content }, 2000), text: null };
}

export function processedRow(key: Partial<LedgerKey> & { memoryId: string }): LedgerRow {
  const submitting = applyEvent(
    pendingRow(key),
    { type: "submit", documentId: "doc-1", contentHash: "cd" },
    3000,
  );
  return applyEvent(submitting, { type: "proved", documentId: "doc-1" }, 4000);
}

export function runOf(runId: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    runId,
    connectorId: scope.connectorId,
    trigger: "cli",
    startedAt: 1000,
    endedAt: 2000,
    outcome: "success",
    counts: {
      fetched: 3,
      new: 3,
      changed: 0,
      unchanged: 0,
      skipped: 0,
      malformed: 0,
      submitted: 3,
      adopted: 0,
      processed: 2,
      deleted: 0,
      failed: 1,
      dead: 0,
      unproved: 0,
      deadLetters: 1,
      waiting: 1,
      missing: 1,
      vanished: 1,
    },
    phases: { connect: 5, reconcile: 0, discover: 10, deliver: 20 },
    errors: [
      { code: "INTERNAL", count: 1, message: "it broke", hint: "mend it", examples: ["m1", "__proto__"] },
    ],
    truncated: null,
    ...changes,
  };
}

export function scheduleOf(connectorId: string, changes: Partial<ScheduleState> = {}): ScheduleState {
  return {
    connectorId,
    schedule: "every 900 s",
    anchorAt: 1000,
    dueAt: 901_000,
    lastDueAt: null,
    pausedAt: null,
    skipped: 2,
    openRun: { runId: "r2", trigger: "schedule", at: 901_005 },
    lastRun: { runId: "r1", trigger: "api", endedAt: 2000, outcome: "partial" },
    ...changes,
  };
}

/** Every row that pages of this size show, in their order. */
export async function allRows(
  state: StateManager,
  query: Parameters<StateManager["pageRows"]>[0],
  limit = 100,
): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (let after: string | null = null; ; ) {
    const page = await state.pageRows(query, { limit, after });
    rows.push(...page.rows);
    after = page.next;
    if (after === null) return rows;
  }
}

/** As these states are, whatever is stored. */
export async function saveSchedules(store: ScheduleStore, states: readonly ScheduleState[]): Promise<void> {
  const copies = structuredClone(states);
  await store.changeSchedules(new Map(copies.map((state) => [state.connectorId, () => state])));
}
