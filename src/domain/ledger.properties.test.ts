import fc from "fast-check";
import { expect, test } from "vitest";
import { isConnectorError } from "../kernel/errors/connector-error.ts";
import { applyEvent, isErased, type LedgerEvent, newRow, transitions } from "./ledger.ts";
import { type LedgerRow, type LedgerStatus, ledgerStatuses } from "./ledger-row.ts";
import type { Memory } from "./memory.ts";

const error = fc.constant({ code: "INTERNAL", message: "no", hint: "wait" } as const);
const content = fc.integer({ min: 0, max: 3 }).map((text) => ({
  memory: {
    id: "m",
    type: "note",
    audio: false,
    image: false,
    transcript: `text ${text}`,
    location: null,
    createdAt: "2025-01-01T00:00:00Z",
    updatedAt: null,
    title: null,
    tags: [],
  } satisfies Memory,
  contentHash: `hash ${text}`,
  sourceHash: `source ${text}`,
  groupKey: null,
  fileSource: "c--m.md",
}));
const documentId = fc.constantFrom("doc-1", "doc-2");

const anyEvent: fc.Arbitrary<LedgerEvent> = fc.oneof(
  fc.record({ type: fc.constant("upsert"), content }),
  fc.record({ type: fc.constant("skip"), content, reason: fc.constant("empty_transcript") }),
  fc.record({
    type: fc.constant("skip"),
    content: content.map((shown) => ({ ...shown, groupKey: "day~place" })),
    reason: fc.constant("merged"),
  }),
  fc.record({ type: fc.constant("confirm"), sourceHash: fc.constant("seen") }),
  fc.record({ type: fc.constant("malformed"), contentHash: fc.constant("broken"), error }),
  fc.record({ type: fc.constant("missing"), at: fc.nat() }),
  fc.record({ type: fc.constant("invalidate"), documentId: fc.option(documentId) }),
  fc.record({ type: fc.constant("submit"), documentId, contentHash: fc.constant("sent") }),
  fc.record({ type: fc.constant("accepted"), documentId, trackId: fc.constant("t") }),
  fc.record({ type: fc.constant("proved"), documentId }),
  fc.record({
    type: fc.constant("adopt"),
    documentId,
    trackId: fc.constant("t"),
    contentHash: fc.constant("sent"),
  }),
  fc.record({ type: fc.constant("replace"), documentId, reason: fc.constantFrom("update", "retry") }),
  fc.record({ type: fc.constant("fail"), error, nextAttemptAt: fc.nat() }),
  fc.record({ type: fc.constant("die"), error }),
  fc.constantFrom<LedgerEvent[]>(
    { type: "vanish" },
    { type: "tombstone" },
    { type: "erase" },
    { type: "found" },
    { type: "requeue" },
    { type: "gone" },
    { type: "retry" },
    { type: "replay" },
    { type: "drop" },
  ),
);

/** What an onlooker knows who sees only the events that took place: the other side of the ledger's claims. */
interface World {
  /** An insert may have left and nobody has confirmed since that LightRAG holds nothing. */
  mayHoldDocument: boolean;
  /** The text that the source wants delivered; null when it wants none. */
  wantedText: string | null;
  /** The text of the last insert. */
  sentText: string | null;
  /** The source does not hold it any more, and its document is to stay. */
  isBuried: boolean;
  /** It is a note in the document of a group, which is written from it even when the source does not hold it any more. */
  isNote: boolean;
}

function observe(world: World, event: LedgerEvent): World {
  switch (event.type) {
    case "upsert":
      return { ...world, wantedText: event.content.memory.transcript, isBuried: false, isNote: false };
    case "skip": {
      const { groupKey, memory } = event.content;
      const isNote = groupKey !== null;
      return { ...world, wantedText: isNote ? memory.transcript : null, isBuried: false, isNote };
    }
    case "malformed":
    case "vanish":
    case "drop":
    case "erase":
      return { ...world, wantedText: null, isBuried: false, isNote: false };
    case "tombstone":
      return { ...world, wantedText: world.isNote ? world.wantedText : null, isBuried: true };
    case "submit":
    case "adopt":
      return { ...world, mayHoldDocument: true, sentText: world.wantedText };
    case "invalidate":
      return { ...world, mayHoldDocument: event.documentId !== null };
    case "replace":
      return { ...world, mayHoldDocument: true };
    case "gone":
    case "requeue":
      return { ...world, mayHoldDocument: false };
    default:
      return world;
  }
}

const noError = { error: null, nextAttemptAt: null, attempts: 0 };

/** What holds of a row in each status. */
const shapes: Record<LedgerStatus, (row: LedgerRow) => void> = {
  discovered: (row) => expect(row).toMatchObject({ ...noError, payload: null, contentHash: null }),
  skipped: (row) => {
    expect(row).toMatchObject({ ...noError, skipReason: expect.any(String) });
    expect(row.payload !== null).toBe(row.groupKey !== null);
  },
  pending: (row) =>
    expect(row).toMatchObject({
      payload: expect.anything(),
      contentHash: expect.any(String),
      documentId: null,
      trackId: null,
    }),
  submitting: (row) =>
    expect(row).toMatchObject({ payload: expect.anything(), documentId: expect.any(String), trackId: null }),
  submitted: (row) =>
    expect(row).toMatchObject({
      payload: expect.anything(),
      documentId: expect.any(String),
      trackId: expect.any(String),
    }),
  processed: (row) =>
    expect(row).toMatchObject({ ...noError, payload: null, documentId: expect.any(String) }),
  failed: (row) =>
    expect(row).toMatchObject({
      payload: expect.anything(),
      error: expect.anything(),
      attempts: expect.any(Number),
    }),
  dead: (row) => expect(row).toMatchObject({ error: expect.anything(), nextAttemptAt: null }),
  deleting: (row) =>
    expect(row).toMatchObject({ documentId: expect.any(String), deleteReason: expect.any(String) }),
  deleted: (row) => {
    expect(row).toMatchObject({ ...noError, missing: null });
    expect(row.payload !== null).toBe(row.groupKey !== null);
  },
};

function checkRow(row: LedgerRow): void {
  shapes[row.status](row);
  expect(row.attempts).toBeGreaterThanOrEqual(0);
  if (row.status === "failed") expect(row.nextAttemptAt).not.toBeNull();
  if (row.nextAttemptAt !== null) expect(["failed", "deleting"]).toContain(row.status);
  if (row.deleteReason !== null) expect(["deleting", "dead"]).toContain(row.status);
  if (row.skipReason !== null && row.status !== "skipped" && !isErased(row))
    expect(row.deleteReason).toBe("withdraw");
  const insertFollows = row.deleteReason === "update" || row.deleteReason === "retry";
  if (row.status === "deleting") expect(row.payload !== null).toBe(insertFollows || row.groupKey !== null);
  if (row.groupKey !== null) expect(["skipped", "deleting", "deleted", "dead"]).toContain(row.status);
}

function checkAgainstWorld(row: LedgerRow, world: World): void {
  if (world.mayHoldDocument) {
    expect(row.documentId).not.toBeNull();
    expect(row.status).not.toBe("pending");
    if (row.status === "deleted") expect(world.isBuried).toBe(true);
  }
  if (row.status === "processed") expect(world.sentText).toBe(world.wantedText);
  if (row.payload !== null) expect(row.payload.transcript).toBe(world.wantedText);
}

/** Applies the event when it may happen; a refusal must be one of the two coded ones and change nothing. */
function step(row: LedgerRow, event: LedgerEvent, now: number): LedgerRow | null {
  try {
    const moved = applyEvent(row, event, now);
    expect(transitions[row.status][event.type]).toBeDefined();
    return moved;
  } catch (thrown) {
    if (isConnectorError(thrown, "DEAD_LETTER_EMPTY"))
      expect(row).toMatchObject({ status: "dead", payload: null });
    else if (!isConnectorError(thrown, "LEDGER_TRANSITION")) throw thrown;
    else expect(transitions[row.status][event.type]).toBeUndefined();
    return null;
  }
}

test("random events keep every row whole and true to what LightRAG may hold", () => {
  const reached = new Set<LedgerStatus>();
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 10, maxLength: 60 }), (events) => {
      let row = newRow({ connectorId: "c", contextId: "x", memoryId: "m" }, "c--m.md", 0);
      let world: World = {
        mayHoldDocument: false,
        wantedText: null,
        sentText: null,
        isBuried: false,
        isNote: false,
      };
      for (const [now, event] of events.entries()) {
        const moved = step(row, event, now);
        if (moved === null) continue;
        row = moved;
        world = observe(world, event);
        checkRow(row);
        checkAgainstWorld(row, world);
        reached.add(row.status);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(reached).toEqual(new Set(ledgerStatuses));
});

test("from every state that random events lead to, the source can still get its memory processed", () => {
  const towardsProcessed: LedgerEvent[] = [
    { type: "gone" },
    { type: "submit", documentId: "doc-1", contentHash: "sent" },
    { type: "proved", documentId: "doc-1" },
  ];
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), content, (events, last) => {
      const start = newRow({ connectorId: "c", contextId: "x", memoryId: "m" }, "c--m.md", 0);
      const anywhere = events.reduce((row, event, now) => step(row, event, now) ?? row, start);
      const asked = applyEvent(anywhere, { type: "upsert", content: last }, 100);
      const end = towardsProcessed.reduce((row, event) => step(row, event, 101) ?? row, asked);
      expect(end.status).toBe("processed");
    }),
    { numRuns: 500 },
  );
});
