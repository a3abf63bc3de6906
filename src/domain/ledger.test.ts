import { expect, test } from "vitest";
import { noFacets } from "./facets.ts";
import { applyEvent, type LedgerEvent, type LedgerEventType, newRow } from "./ledger.ts";
import { type LedgerRow, type LedgerStatus, ledgerStatuses, type RowError } from "./ledger-row.ts";
import type { Memory } from "./memory.ts";

const memory: Memory = {
  id: "m1",
  type: "note",
  audio: false,
  image: false,
  transcript: "hello",
  location: { lat: 52.5, lon: 13.4 },
  createdAt: "2025-01-01T00:00:00Z",
  updatedAt: null,
  title: null,
  tags: [],
};
const content = { memory, contentHash: "h1", sourceHash: "s1", groupKey: null, fileSource: "c--m1.md" };
const changed = {
  memory: { ...memory, transcript: "bye" },
  contentHash: "h2",
  sourceHash: "s2",
  groupKey: null,
  fileSource: "c--m1.md",
};
const error: RowError = { code: "INTERNAL", message: "no", hint: "wait" };
const fresh = newRow({ connectorId: "c", contextId: "x", memoryId: "m1" }, "c--m1.md", 0);

const events: Record<LedgerEventType, LedgerEvent> = {
  upsert: { type: "upsert", content },
  skip: { type: "skip", content, reason: "empty_transcript" },
  confirm: { type: "confirm", sourceHash: "s3" },
  missing: { type: "missing", at: 70 },
  found: { type: "found" },
  tombstone: { type: "tombstone" },
  erase: { type: "erase" },
  invalidate: { type: "invalidate", documentId: null },
  malformed: { type: "malformed", contentHash: "f1", error },
  vanish: { type: "vanish" },
  submit: { type: "submit", documentId: "doc-1", contentHash: "h1" },
  accepted: { type: "accepted", documentId: "doc-1", trackId: "t1" },
  proved: { type: "proved", documentId: "doc-1" },
  requeue: { type: "requeue" },
  replace: { type: "replace", documentId: "doc-0", reason: "update" },
  adopt: { type: "adopt", documentId: "doc-1", trackId: "t1", contentHash: "h1" },
  gone: { type: "gone" },
  fail: { type: "fail", error, nextAttemptAt: 60 },
  retry: { type: "retry" },
  die: { type: "die", error },
  replay: { type: "replay" },
  drop: { type: "drop" },
};

function after(...steps: (LedgerEventType | LedgerEvent)[]): LedgerRow {
  const happened = steps.map((step) => (typeof step === "string" ? events[step] : step));
  return happened.reduce((row, event, at) => applyEvent(row, event, at + 1), fresh);
}

const statusAfter = (...steps: (LedgerEventType | LedgerEvent)[]) => after(...steps).status;

/** How a row gets into each status; `…, doc` where LightRAG may hold a document of it. */
const ways: Record<string, LedgerEventType[]> = {
  discovered: [],
  skipped: ["skip"],
  "skipped, doc": ["upsert", "submit", "vanish", "die", "drop"],
  pending: ["upsert"],
  submitting: ["upsert", "submit"],
  submitted: ["upsert", "submit", "accepted"],
  processed: ["upsert", "submit", "proved"],
  failed: ["upsert", "fail"],
  "failed, doc": ["upsert", "submit", "fail"],
  dead: ["upsert", "die"],
  "dead, doc": ["upsert", "submit", "die"],
  deleting: ["upsert", "submit", "replace"],
  deleted: ["vanish"],
};

const letters: Record<string, LedgerStatus> = {
  D: "discovered",
  s: "skipped",
  p: "pending",
  g: "submitting",
  u: "submitted",
  P: "processed",
  f: "failed",
  d: "dead",
  x: "deleting",
  X: "deleted",
};

/** The whole table once more, by hand: a letter is the next status, a dot is a refused move. */
const grid = `
                upsert skip confirm malformed vanish submit accepted proved requeue replace gone fail retry die replay drop missing found tombstone erase invalidate adopt
discovered      p    s    .       d         X      .      .        .      .       .       .    .    .     .   .      .    .       .     X         s     .     .
skipped         p    s    s       d         X      .      .        .      .       .       .    .    .     .   .      .    s       s     X         s     .     .
skipped, doc    x    x    s       d         x      .      .        .      .       .       .    .    .     .   .      .    s       s     X         x     .     .
pending         p    s    p       d         X      g      .        .      .       x       .    f    .     d   .      .    p       p     X         s     .     u
submitting      x    x    g       d         x      .      u        P      p       x       .    f    .     d   .      .    .       .     .         x     .     u
submitted       x    x    u       d         x      .      u        P      p       x       .    f    .     d   .      .    .       .     .         x     .     .
processed       x    x    P       d         x      .      .        .      .       .       .    .    .     .   .      .    P       P     X         x     D     .
failed          p    s    f       d         X      .      .        .      .       .       .    .    p     d   .      .    f       f     X         s     .     .
failed, doc     x    x    f       d         x      .      .        .      .       .       .    .    x     d   .      .    f       f     X         x     .     .
dead            p    s    d       d         X      .      .        .      .       .       .    .    .     .   p      s    d       d     X         s     .     .
dead, doc       x    x    d       d         x      .      .        .      .       .       .    .    .     .   x      x    d       d     X         x     .     .
deleting        x    x    x       d         x      .      .        .      .       .       p    x    x     d   .      .    .       .     .         x     .     u
deleted         p    s    .       d         .      .      .        .      .       .       .    .    .     .   .      .    .       .     .         s     .     .
`;

function gridCells(): { from: string; type: LedgerEventType; to: LedgerStatus | null }[] {
  const [head = "", ...lines] = grid.trim().split("\n");
  const types = head.trim().split(/\s+/) as LedgerEventType[];
  return lines.flatMap((line) => {
    const from = line.slice(0, 16).trim();
    const cells = line.slice(16).trim().split(/\s+/);
    return types.map((type, at) => ({ from, type, to: letters[cells[at] ?? ""] ?? null }));
  });
}

test("every event in every status leads where the table says or is refused with LEDGER_TRANSITION", () => {
  const cells = gridCells();
  expect(new Set(cells.map((cell) => cell.type))).toEqual(new Set(Object.keys(events)));
  expect(new Set(cells.map((cell) => cell.from.split(",")[0]))).toEqual(new Set(ledgerStatuses));
  for (const { from, type, to } of cells) {
    const row = after(...(ways[from] ?? []));
    expect(`${row.status}${row.documentId !== null && from.includes("doc") ? ", doc" : ""}`).toBe(from);
    const attempt = () => applyEvent(row, events[type], 99);
    if (to === null) expect(attempt, `${from} + ${type}`).toThrow(/cannot happen to a row that is/);
    else expect(attempt().status, `${from} + ${type}`).toBe(to);
  }
});

test("a refused move names its code and the memory", () => {
  expect(() => after("proved")).toThrow(
    expect.objectContaining({ code: "LEDGER_TRANSITION", subject: "m1" }),
  );
});

test("an event leaves the row that it is applied to untouched", () => {
  const before = structuredClone(fresh);
  applyEvent(fresh, events.upsert, 5);
  expect(fresh).toEqual(before);
});

test("a delivered memory ends processed, keeps its document and drops its payload", () => {
  const row = after("upsert", "submit", "accepted", "proved");
  expect(row).toMatchObject({ status: "processed", documentId: "doc-1", trackId: "t1", payload: null });
  expect(row).toMatchObject({
    contentHash: "h1",
    memoryCreatedAt: Date.parse(memory.createdAt),
    changedAt: 4,
  });
  expect(row.location).toEqual(memory.location);
});

test("a memory that comes to the same content in another form is remembered as seen, and counts as unchanged", () => {
  const row = after("upsert", "submit", "proved");
  expect(row.sourceHash).toBe("s1");
  expect(applyEvent(row, events.confirm, 99)).toEqual({ ...row, sourceHash: "s3" });
});

test("a broken item is looked at again when it is whole, though it may be what it was before", () => {
  expect(after("upsert", "malformed")).toMatchObject({ contentHash: "f1", sourceHash: null });
});

test("a changed memory is inserted again only after its old document is gone, with a full set of attempts", () => {
  const deleting = after("upsert", "submit", "proved", { type: "upsert", content: changed }, "fail", "fail");
  expect(deleting).toMatchObject({
    status: "deleting",
    deleteReason: "update",
    attempts: 2,
    nextAttemptAt: 60,
  });
  const pending = applyEvent(deleting, events.gone, 9);
  expect(pending).toMatchObject({ status: "pending", documentId: null, contentHash: "h2" });
  expect(pending).toMatchObject({ attempts: 0, nextAttemptAt: null, error: null, deleteReason: null });
  expect(pending.payload?.transcript).toBe("bye");
});

test("a memory that changes while its insert is under way is never taken for the new text", () => {
  for (const way of [ways.submitting, ways.submitted]) {
    const row = after(...(way ?? []), { type: "upsert", content: changed });
    expect(row).toMatchObject({ status: "deleting", deleteReason: "update", documentId: "doc-1" });
    expect(() => applyEvent(row, events.proved, 9)).toThrow(
      expect.objectContaining({ code: "LEDGER_TRANSITION" }),
    );
  }
});

test("failed deliveries count on after the deletion of the document that failed", () => {
  const row = after("upsert", "submit", "fail", "retry", "gone");
  expect(row).toMatchObject({ status: "pending", attempts: 1, error, nextAttemptAt: null });
});

test("dying after the last wait does not count the same failure twice", () => {
  expect(after("upsert", "fail", "die").attempts).toBe(1);
  expect(after("upsert", "die").attempts).toBe(1);
});

test("what follows a confirmed deletion depends on its reason", () => {
  expect(statusAfter("upsert", "submit", "proved", "upsert", "gone")).toBe("pending");
  expect(after("upsert", "submit", "proved", "skip", "gone")).toMatchObject({
    status: "skipped",
    skipReason: "empty_transcript",
  });
  expect(statusAfter("upsert", "submit", "proved", "vanish", "gone")).toBe("deleted");
  expect(statusAfter("upsert", "submit", "fail", "retry", "gone")).toBe("pending");
});

test("a dead letter of a deletion replays the deletion and never inserts", () => {
  const replayed = after("upsert", "submit", "proved", "vanish", "die", "replay");
  expect(replayed).toMatchObject({ status: "deleting", deleteReason: "propagate", error: null });
  expect(applyEvent(replayed, events.gone, 9).status).toBe("deleted");
});

test("a dead letter that the source never showed well-formed cannot be replayed", () => {
  expect(() => after("malformed", "replay")).toThrow(expect.objectContaining({ code: "DEAD_LETTER_EMPTY" }));
  expect(() => after("upsert", "submit", "proved", "malformed", "replay")).toThrow(
    expect.objectContaining({ code: "DEAD_LETTER_EMPTY" }),
  );
});

test("a processed memory that becomes malformed keeps its document until the item is well-formed again", () => {
  const dead = after("upsert", "submit", "proved", "malformed");
  expect(dead).toMatchObject({ status: "dead", documentId: "doc-1", contentHash: "f1", error });
  expect(applyEvent(dead, events.upsert, 9)).toMatchObject({ status: "deleting", deleteReason: "update" });
});

test("a dropped dead letter has its document removed and stays known by its content", () => {
  const dropped = after("upsert", "submit", "die", "drop", "gone");
  expect(dropped).toMatchObject({
    status: "skipped",
    skipReason: "dropped",
    contentHash: "h1",
    documentId: null,
  });
});

test("a dropped dead letter of a deletion is given up but its document is not forgotten", () => {
  const dropped = after("upsert", "submit", "proved", "vanish", "die", "drop");
  expect(dropped).toMatchObject({ status: "skipped", documentId: "doc-1", deleteReason: null });
  expect(applyEvent(dropped, events.upsert, 9)).toMatchObject({ status: "deleting", deleteReason: "update" });
});

test("listings that do not show a memory are counted until one shows it, and change nothing else", () => {
  const row = after("upsert", "submit", "proved");
  const once = applyEvent(row, { type: "missing", at: 70 }, 99);
  const twice = applyEvent(once, { type: "missing", at: 80 }, 99);
  expect(twice).toEqual({ ...row, missing: { since: 70, listings: 2 } });
  expect(applyEvent(twice, { type: "found" }, 99)).toEqual(row);
  expect(applyEvent(twice, events.upsert, 99).missing).toBeNull();
});

test("a tombstone keeps the document in mind, so that a memory that comes back replaces it", () => {
  const row = after("upsert", "submit", "proved", "tombstone");
  expect(row).toMatchObject({ status: "deleted", documentId: "doc-1" });
  const back = applyEvent(row, events.upsert, 99);
  expect(back).toMatchObject({ status: "deleting", deleteReason: "update" });
  expect(applyEvent(back, events.gone, 99).status).toBe("pending");
});

test("an erased memory leaves nothing but its ids", () => {
  const row = after("upsert", "submit", "proved", "erase", "gone");
  const { connectorId, contextId, memoryId, fileSource, firstSeenAt } = fresh;
  expect(row).toEqual({
    ...newRow({ connectorId, contextId, memoryId }, fileSource, firstSeenAt),
    status: "skipped",
    skipReason: "erased",
    fileSource: row.fileSource,
    version: row.version,
    changedAt: row.changedAt,
    // When it was erased, and when its document was gone.
    history: "e4 g5",
  });
});

test("a delivery that LightRAG does not bear out begins anew, after what stands in its place is removed", () => {
  const lost = after("upsert", "submit", "proved", { type: "invalidate", documentId: null });
  expect(lost).toMatchObject({ status: "discovered", documentId: null, contentHash: null, sourceHash: null });
  expect(applyEvent(lost, events.upsert, 9).status).toBe("pending");
  const other = after("upsert", "submit", "proved", { type: "invalidate", documentId: "doc-2" });
  expect(applyEvent(other, events.upsert, 9)).toMatchObject({ status: "deleting", documentId: "doc-2" });
});

const note = { ...content, groupKey: "day~place", fileSource: "day~place@x.md" };
const merged: LedgerEvent = { type: "skip", content: note, reason: "merged" };

test("a note of a group keeps what the group's document is written from, and loses it when it leaves", () => {
  expect(after(merged)).toMatchObject({ status: "skipped", groupKey: "day~place", payload: memory });
  expect(after("upsert", "submit", "proved", merged, "gone")).toMatchObject({
    status: "skipped",
    payload: memory,
    documentId: null,
  });
  expect(after(merged, "tombstone")).toMatchObject({ groupKey: "day~place", payload: memory });
  for (const event of ["vanish", "erase", "malformed", "upsert"] as const)
    expect(after(merged, event).groupKey, event).toBeNull();
});

test("the document of a group stays that of the group whatever happens to it", () => {
  const group = { ...fresh, memoryId: "day~place" };
  const upsert: LedgerEvent = { type: "upsert", content: note };
  const processed = [upsert, events.submit, events.proved].reduce(
    (row, event) => applyEvent(row, event, 1),
    group,
  );
  expect(processed).toMatchObject({ status: "processed", groupKey: "day~place", payload: null });
  const gone = [events.vanish, events.gone].reduce((row, event) => applyEvent(row, event, 1), processed);
  expect(gone).toMatchObject({ status: "deleted", groupKey: "day~place", payload: null });
});

test("a document that LightRAG holds already is adopted instead of removed, unless it is to go for good", () => {
  const failed = after("upsert", "submit", "accepted", "fail", "retry");
  expect(applyEvent(failed, events.adopt, 9)).toMatchObject({
    status: "submitted",
    documentId: "doc-1",
    trackId: "t1",
    attempts: 1,
    deleteReason: null,
  });
  const gone = after("upsert", "submit", "proved", "vanish");
  expect(applyEvent(gone, events.adopt, 9)).toMatchObject({ status: "deleting", deleteReason: "propagate" });
});

test("a failure that is charged to nobody is noted and costs no attempt", () => {
  const row = after("upsert", "submit", "accepted", {
    type: "replace",
    documentId: "doc-1",
    reason: "retry",
    error,
  });
  expect(row).toMatchObject({ status: "deleting", attempts: 0, error });
  expect(applyEvent(row, events.gone, 9)).toMatchObject({ status: "pending", attempts: 0, error });
});

test.each([
  ["filtered out", ["skip"]],
  ["dropped", ["die", "drop"]],
  ["erased", ["erase"]],
  ["gone from the source", ["vanish"]],
] as [string, LedgerEventType[]][])(
  "of a memory that is %s no words stay by which it was found",
  (_, types) => {
    const told = { ...memory, transcript: "the secret kayak", tags: ["kayak"], placeName: "Harbour" };
    const withWords = (event: LedgerEvent): LedgerEvent =>
      "content" in event ? { ...event, content: { ...event.content, memory: told } } : event;
    const through = (row: LedgerRow, type: LedgerEventType) => applyEvent(row, withWords(events[type]), 2);
    const before = through(fresh, "upsert");
    expect(before).toMatchObject({ text: "the secret kayak", facets: { tags: ["kayak"] } });
    expect(types.reduce(through, before)).toMatchObject({ text: null, facets: noFacets, payload: null });
  },
);
