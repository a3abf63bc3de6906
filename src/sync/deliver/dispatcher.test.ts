import { describe, expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, plainEnrichment, syncHarness } from "../../../test/support/sync-harness.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError, type ErrorDetails } from "../../kernel/errors/connector-error.ts";
import type { OutgoingDocument, SubmitOutcome } from "../../sinks/lightrag/light-rag-client.ts";
import { AcceptanceProbe } from "./acceptance-probe.ts";
import { BatchSize } from "./batch-size.ts";
import { Dispatcher } from "./dispatcher.ts";
import { InFlightWindow } from "./in-flight-window.ts";
import { ModelBackoff } from "./model-backoff.ts";

const never = new AbortController().signal;

interface Shape {
  ids?: readonly string[];
  /** Documents of a batch. */
  batch?: number;
  capacity?: number;
  requests?: number;
}

/** A dispatcher with rows to send, before a LightRAG in memory. */
async function dispatching({ ids = ["a"], batch = 4, capacity = 8, requests = 1 }: Shape = {}) {
  const clock = new ManualClock();
  const retry = { maxAttempts: 3, initialBackoffMs: 1_000, backoffMultiplier: 2, maxBackoffMs: 60_000 };
  const sync = await syncHarness({ retry }, clock, plainEnrichment, { backend: "memory" });
  const run = await runContext(sync);
  const backoff = new ModelBackoff({ pauseMs: 40, maxPauses: 1, clock, onPause: () => undefined });
  const window = new InFlightWindow(capacity);
  const size = new BatchSize(batch);
  const probe = new AcceptanceProbe();
  const rows = await pendingRows(
    sync,
    ids.map((id) => memoryOf(id)),
  );
  const dispatcher = new Dispatcher(run, { window, backoff, size, probe, requests, signal: run.signal });
  /** Ids of the documents of each request, and what LightRAG does before it takes them. */
  const asked: string[] = [];
  let misbehave: Misbehaviour = () => undefined;
  const submit = sync.sink.submit.bind(sync.sink);
  sync.sink.submit = async (documents) => {
    asked.push(documents.map(idOf).join(" "));
    return (await misbehave(documents, submit)) ?? submit(documents);
  };
  const answer = (next: Misbehaviour) => {
    misbehave = next;
  };
  /** Status and attempts, in the order of `ids`. */
  const stands = () =>
    Promise.all(
      ids.map(async (id) => {
        const { status, attempts } = await sync.row(id);
        return `${id} ${status} ${attempts}`;
      }),
    );
  return { ...sync, run, clock, backoff, window, size, probe, rows, dispatcher, asked, answer, stands };
}

type Submit = (documents: readonly OutgoingDocument[]) => Promise<SubmitOutcome[]>;
type Misbehaviour = (
  documents: readonly OutgoingDocument[],
  submit: Submit,
) => Promise<SubmitOutcome[]> | SubmitOutcome[] | undefined;

const idOf = ({ fileSource }: OutgoingDocument) => fileSource.split("@")[0] ?? "";
const refused = (code: ErrorCode = "SINK_SERVER_ERROR", details: ErrorDetails = {}) =>
  new ConnectorError(code, "no", details);

/** Refuses every request that holds one of these documents. */
const refusing =
  (...ids: string[]): Misbehaviour =>
  (documents) => {
    if (documents.some((document) => ids.includes(idOf(document)))) throw refused();
    return undefined;
  };

/** Each of these documents is rejected by the server's answer, the others are taken. */
const rejecting =
  (...ids: string[]): Misbehaviour =>
  async (documents, submit) => {
    const error = refused("SINK_REJECTED", { status: 400 });
    const good = (await submit(documents.filter((document) => !ids.includes(idOf(document))))).values();
    return documents.map((document) =>
      ids.includes(idOf(document)) ? { kind: "rejected", error } : taken(good.next().value),
    );
  };

function taken(outcome: SubmitOutcome | undefined): SubmitOutcome {
  if (outcome === undefined) throw new Error("too few outcomes");
  return outcome;
}

const busy = (retryAfterMs?: number) => ({
  error: refused("SINK_BUSY", retryAfterMs === undefined ? {} : { retryAfterMs }),
  when: "before" as const,
});

describe("a batch that is taken", () => {
  test("is submitted, counted, and watched with its text and its one place each", async () => {
    const world = await dispatching({ ids: ["a", "b", "c"] });
    world.clock.advance(5);
    await world.dispatcher.send(world.rows);
    expect(await world.stands()).toEqual(["a submitted 0", "b submitted 0", "c submitted 0"]);
    expect(world.run.report.counts).toMatchObject({ submitted: 3, adopted: 0 });
    expect(world.window.all()).toMatchObject(
      ["a", "b", "c"].map((id) => ({
        row: { memoryId: id, status: "submitted", documentId: `doc-${id}@CTX.md` },
        text: { contentLength: [...textOf(world, id)].length },
        places: 1,
        movedAt: 5,
      })),
    );
    expect(world.dispatcher.seemsRefused).toBe(false);
  });

  test("is on disk as being submitted before its request leaves", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    const seen: string[] = [];
    world.answer(() => {
      seen.push("asked");
      return undefined;
    });
    world.events.on("item:changed", ({ memoryId, to }) => seen.push(`${memoryId} ${to}`));
    await world.dispatcher.send(world.rows);
    expect(seen).toEqual(["a submitting", "b submitting", "asked", "a submitted", "b submitted"]);
  });

  test("travels in requests of no more documents than a batch may hold", async () => {
    const world = await dispatching({ ids: ["a", "b", "c", "d", "e"], batch: 2 });
    await world.dispatcher.send(world.rows);
    expect(world.asked).toEqual(["a b", "c d", "e"]);
  });

  test("may be adopted from what LightRAG has already; another text is replaced", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    await world.sink.submit([
      { fileSource: "a@CTX.md", text: textOf(world, "a") },
      { fileSource: "b@CTX.md", text: "Something else." },
    ]);
    await world.dispatcher.send(world.rows);
    expect(await world.stands()).toEqual(["a processed 0", "b deleting 0"]);
    expect(await world.row("b")).toMatchObject({ deleteReason: "update" });
    expect(world.run.report.counts).toMatchObject({ submitted: 0, adopted: 1, processed: 1 });
    expect(world.window.size).toBe(0);
    await world.window.reserve(8, never);
  });
});

describe("a batch without a clear yes", () => {
  test.each([
    ["a", ["a b c d", "a b", "a", "b", "c d"]],
    ["d", ["a b c d", "a b", "c d", "c", "d"]],
  ])("is divided until the culprit %s is alone, and only it is charged", async (culprit, asked) => {
    const world = await dispatching({ ids: ["a", "b", "c", "d"] });
    world.answer(refusing(culprit));
    await world.dispatcher.send(world.rows);
    await world.dispatcher.conclude();
    expect(world.asked.slice(0, asked.length)).toEqual(asked);
    expect(await world.stands()).toEqual(
      ["a", "b", "c", "d"].map((id) => (id === culprit ? `${id} failed 1` : `${id} submitted 0`)),
    );
    expect(world.window.all()).toHaveLength(3);
    await world.window.reserve(5, never);
    expect(world.window.isFull).toBe(true);
  });

  test("whose documents LightRAG has all the same is adopted without being sent again", async () => {
    const world = await dispatching({ ids: ["a", "b", "c"] });
    world.sink.onInsert = () => undefined;
    world.sink.submitFaults = [{ error: refused("SINK_OUTCOME_UNKNOWN"), when: "after" }];
    await world.dispatcher.send(world.rows);
    expect(world.asked).toEqual(["a b c"]);
    expect(await world.stands()).toEqual(["a submitted 0", "b submitted 0", "c submitted 0"]);
    expect(world.run.report.counts).toMatchObject({ submitted: 0, adopted: 3 });
    expect(world.window.all().map(({ row }) => row.memoryId)).toEqual(["a", "b", "c"]);
    await world.dispatcher.conclude();
    await world.window.reserve(5, never);
  });

  test("sends only those again that LightRAG does not have", async () => {
    const world = await dispatching({ ids: ["a", "b", "c"] });
    world.sink.onInsert = () => undefined;
    world.answer((documents, submit) => {
      if (documents.length !== 3) return undefined;
      return submit(documents.slice(1, 2)).then(() => {
        throw refused("SINK_OUTCOME_UNKNOWN");
      });
    });
    await world.dispatcher.send(world.rows);
    expect(world.asked).toEqual(["a b c", "a", "c"]);
    expect(await world.stands()).toEqual(["a submitted 0", "b submitted 0", "c submitted 0"]);
    expect(world.run.report.counts).toMatchObject({ submitted: 2, adopted: 1 });
    await world.window.reserve(5, never);
  });

  test("makes the next ones smaller when both halves go through, and only then", async () => {
    const tooMany: Misbehaviour = (documents) => {
      if (documents.length > 2) throw refused();
      return undefined;
    };
    const large = await dispatching({ ids: ["a", "b", "c", "d"] });
    large.answer(tooMany);
    await large.dispatcher.send(large.rows);
    expect(large.size.limit).toBe(2);
    const poisoned = await dispatching({ ids: ["a", "b", "c", "d"] });
    poisoned.answer(refusing("c"));
    await poisoned.dispatcher.send(poisoned.rows);
    expect(poisoned.size.limit).toBe(4);
  });

  test("that goes through again and again makes the next ones larger", async () => {
    const world = await dispatching({ ids: ["a", "b", "c", "d", "e", "f", "g", "h"], batch: 2 });
    world.size.wasTooLarge(2);
    await world.dispatcher.send(world.rows);
    expect(world.asked).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
    expect(world.size.limit).toBe(2);
  });

  test.each<ErrorCode>(["SINK_UNREACHABLE", "SINK_TLS", "SINK_BREAKER_OPEN", "SINK_RECOVERY_REQUIRED"])(
    "because of %s is no document's fault: it ends the sending, and nothing is divided",
    async (code) => {
      const world = await dispatching({ ids: ["a", "b"] });
      const error = refused(code);
      world.answer(() => {
        throw error;
      });
      await expect(world.dispatcher.send(world.rows)).rejects.toBe(error);
      expect(world.asked).toEqual(["a b"]);
      expect(await world.stands()).toEqual(["a submitting 0", "b submitting 0"]);
      await world.window.reserve(8, never);
    },
  );

  test("because of a defect is thrown as it is", async () => {
    const world = await dispatching();
    const defect = new TypeError("x is not a function");
    world.answer(() => {
      throw defect;
    });
    await expect(world.dispatcher.send(world.rows)).rejects.toBe(defect);
  });

  test("because the run was ended is not divided", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    const ended = new AbortController();
    const round = { ...world, requests: 1, signal: ended.signal };
    world.answer(() => {
      ended.abort();
      throw refused();
    });
    await expect(new Dispatcher(world.run, round).send(world.rows)).rejects.toMatchObject({
      code: "SINK_SERVER_ERROR",
    });
    expect(world.asked).toEqual(["a b"]);
  });

  test("of which the client tells too little is a defect, and no document is lost", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    world.answer((documents, submit) => submit(documents.slice(0, 1)));
    await expect(world.dispatcher.send(world.rows)).rejects.toMatchObject({
      code: "INTERNAL",
      message: "LightRAG's client answered for too few documents",
    });
    expect(await world.stands()).toEqual(["a submitting 0", "b submitting 0"]);
  });
});

describe("whose fault it is that a document was refused alone", () => {
  test("its own, once another one is taken: the refusal is kept with what to do", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    world.answer(refusing("a"));
    await world.dispatcher.send(world.rows);
    expect(await world.row("a")).toMatchObject({
      status: "failed",
      attempts: 1,
      nextAttemptAt: world.clock.now() + 750,
      error: { code: "SINK_SERVER_ERROR", message: "no", hint: expect.stringContaining("others are taken") },
    });
    expect((await world.row("a")).error?.hint).toContain("`dead-letters replay`");
  });

  test("its own, when LightRAG takes one once more that it has taken before", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    await world.dispatcher.send(world.rows.slice(1));
    world.answer(refusing("a"));
    await world.dispatcher.send(world.rows.slice(0, 1));
    expect(await world.stands()).toEqual(["a submitting 0", "b submitted 0"]);
    await world.dispatcher.conclude();
    expect(world.asked).toEqual(["b", "a", "b"]);
    expect(await world.stands()).toEqual(["a failed 1", "b submitted 0"]);
  });

  test("nobody's, when LightRAG refuses also what it has taken before, and says so twice", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    await world.dispatcher.send(world.rows.slice(1));
    world.answer(refusing("a", "b"));
    await world.dispatcher.send(world.rows.slice(0, 1));
    await expect(world.dispatcher.conclude()).rejects.toMatchObject({ code: "SINK_SERVER_ERROR" });
    expect(world.asked).toEqual(["b", "a", "b", "b"]);
    expect(await world.stands()).toEqual(["a pending 0", "b submitted 0"]);
    await world.dispatcher.conclude();
  });

  test("its own, when only the first question whether LightRAG takes others met a passing fault", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    await world.dispatcher.send(world.rows.slice(1));
    let faults = 2;
    world.answer(() => {
      if (faults-- > 0) throw refused();
      return undefined;
    });
    await world.dispatcher.send(world.rows.slice(0, 1));
    await world.dispatcher.conclude();
    expect(await world.stands()).toEqual(["a failed 1", "b submitted 0"]);
  });

  test("its own, when it is the only one there is", async () => {
    const world = await dispatching();
    world.answer(refusing("a"));
    await world.dispatcher.send(world.rows);
    await world.dispatcher.conclude();
    expect(await world.stands()).toEqual(["a failed 1"]);
  });

  test("nobody's, when several are refused and none was ever taken: they wait as they were", async () => {
    const world = await dispatching({ ids: ["a", "b", "c"] });
    const error = refused("SINK_UNAUTHORIZED");
    world.answer(() => {
      throw error;
    });
    await world.dispatcher.send(world.rows);
    await world.window.reserve(8, never);
    await expect(world.dispatcher.conclude()).rejects.toBe(error);
    expect(await world.stands()).toEqual(["a pending 0", "b pending 0", "c pending 0"]);
  });

  test("in doubt after eight in a row, until another one is taken", async () => {
    const ids = Array.from("abcdefghi");
    const world = await dispatching({ ids, batch: 1, capacity: 9 });
    world.answer(refusing(...ids.slice(0, 8)));
    await world.dispatcher.send(world.rows.slice(0, 7));
    expect(world.dispatcher.seemsRefused).toBe(false);
    await world.dispatcher.send(world.rows.slice(7, 8));
    expect(world.dispatcher.seemsRefused).toBe(true);
    expect(await world.dispatcher.probeAcceptance()).toBeNull();
    await world.dispatcher.send(world.rows.slice(8));
    expect(world.dispatcher.seemsRefused).toBe(false);
    expect(await world.stands()).toEqual([...ids.slice(0, 8).map((id) => `${id} failed 1`), "i submitted 0"]);
  });

  test("not known from an answer that was lost, even when LightRAG turns out to have the document", async () => {
    const world = await dispatching({ ids: ["a", "b"], batch: 1 });
    world.answer((documents, submit) => {
      if (documents.some((document) => idOf(document) === "a")) throw refused();
      return submit(documents).then((outcomes) =>
        outcomes.map((outcome) => ({ ...outcome, unanswered: true }) as SubmitOutcome),
      );
    });
    await world.dispatcher.send(world.rows);
    expect(await world.stands()).toEqual(["a submitting 0", "b submitted 0"]);
  });

  test("a failure that an older attempt has left is not charged to this one", async () => {
    const world = await dispatching();
    await world.sink.submit([{ fileSource: "a@CTX.md", text: textOf(world, "a") }]);
    for (const record of world.sink.documents.values())
      Object.assign(record, { status: "failed", error: "old" });
    await world.dispatcher.send(world.rows);
    expect(await world.row("a")).toMatchObject({
      status: "deleting",
      deleteReason: "retry",
      attempts: 0,
      error: null,
    });
  });
});

describe("a document that is rejected by name", () => {
  test("before anything is sent, because of what it is, is a dead letter at once", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    const error = refused("SINK_REJECTED");
    world.answer(async (documents, submit) => [
      { kind: "rejected", error },
      ...(await submit(documents.slice(1))),
    ]);
    await world.dispatcher.send(world.rows);
    expect(await world.stands()).toEqual(["a dead 1", "b submitted 0"]);
    expect(await world.row("a")).toMatchObject({ error: { code: "SINK_REJECTED", hint: error.hint } });
  });

  test("by an answer loses an attempt when others are taken, and is no dead letter before the last one", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    world.answer(rejecting("a"));
    await world.dispatcher.send(world.rows);
    expect(await world.stands()).toEqual(["a failed 1", "b submitted 0"]);
    expect(await world.row("a")).toMatchObject({
      nextAttemptAt: world.clock.now() + 750,
      error: { code: "SINK_REJECTED", hint: refused("SINK_REJECTED").hint },
    });
    await world.state.saveRows([{ ...(await world.row("a")), status: "pending", attempts: 2 }]);
    await world.dispatcher.send([await world.row("a")]);
    await world.dispatcher.conclude();
    expect(await world.stands()).toEqual(["a dead 3", "b submitted 0"]);
  });

  test("by an answer that passes arrives with the next try", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    world.answer(rejecting("a"));
    await world.dispatcher.send(world.rows);
    world.answer(() => undefined);
    await world.state.saveRows([{ ...(await world.row("a")), status: "pending" }]);
    await world.dispatcher.send([await world.row("a")]);
    expect(await world.row("a")).toMatchObject({ status: "submitted" });
  });

  test("together with all others costs nobody an attempt and ends with the refusal", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    world.answer(rejecting("a", "b"));
    await world.dispatcher.send(world.rows);
    await expect(world.dispatcher.conclude()).rejects.toMatchObject({ code: "SINK_REJECTED" });
    expect(await world.stands()).toEqual(["a pending 0", "b pending 0"]);
    expect(world.size.limit).toBe(4);
  });
});

describe("a busy LightRAG", () => {
  test("is left alone for as long as it says, and for a second when it says nothing", async () => {
    const world = await dispatching();
    world.sink.submitFaults = [busy(7_000), busy()];
    await world.dispatcher.send(world.rows);
    expect(world.clock.sleeps).toEqual([7_000, 1_000]);
    expect(await world.stands()).toEqual(["a submitted 0"]);
  });

  test("is found out to be busy for one of a batch alone: after five answers the batch is divided", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    world.answer((documents) => {
      if (documents.some((document) => idOf(document) === "a")) throw busy(10).error;
      return undefined;
    });
    await world.dispatcher.send(world.rows.slice(1));
    await world.dispatcher.send(world.rows.slice(0, 1));
    expect(world.asked).toEqual(["b", "a", "a", "a", "a", "a", "b"]);
    expect(world.clock.sleeps).toEqual([10, 10, 10, 10]);
    await world.dispatcher.conclude();
    expect(await world.row("a")).toMatchObject({
      status: "failed",
      attempts: 1,
      error: { code: "SINK_BUSY" },
    });
  });

  test("for a batch of several is tried in parts after five answers", async () => {
    const world = await dispatching({ ids: ["a", "b"] });
    world.answer((documents) => {
      if (documents.length > 1) throw busy(10).error;
      return undefined;
    });
    await world.dispatcher.send(world.rows);
    expect(world.asked).toEqual([...Array(5).fill("a b"), "a", "b"]);
    expect(await world.stands()).toEqual(["a submitted 0", "b submitted 0"]);
  });

  test("for everybody is waited for, however long it takes", async () => {
    const world = await dispatching();
    world.sink.submitFaults = Array.from({ length: 23 }, () => busy(10));
    await world.dispatcher.send(world.rows);
    expect(world.clock.sleeps).toHaveLength(23);
    expect(await world.stands()).toEqual(["a submitted 0"]);
  });
});

describe("the window", () => {
  test("has room again for what was not taken", async () => {
    const world = await dispatching({ ids: ["a", "b", "c"] });
    world.answer(refusing("a", "b", "c"));
    await world.dispatcher.send(world.rows);
    await world.window.reserve(8, never);
  });

  test("is waited for before anything is written down or sent", async () => {
    const world = await dispatching({ ids: ["a", "b"], capacity: 2 });
    await world.window.reserve(1, never);
    const sending = world.dispatcher.send(world.rows);
    await world.state.countRows("c");
    expect(await world.stands()).toEqual(["a pending 0", "b pending 0"]);
    world.window.free(1);
    await sending;
    expect(await world.stands()).toEqual(["a submitted 0", "b submitted 0"]);
  });

  test("is whole for a document that has LightRAG to itself, until it is settled", async () => {
    const world = await dispatching();
    await world.dispatcher.send(world.rows, 8);
    expect(world.window.isFull).toBe(true);
    for (const entry of world.window.all()) world.window.settle(entry);
    expect(world.window.isFull).toBe(false);
    await world.window.reserve(8, never);
  });

  test("takes nothing for a memory that is no document any more", async () => {
    const world = await dispatching();
    const [row] = world.rows;
    await world.state.saveRows(row === undefined ? [] : [{ ...row, payload: null }]);
    await world.dispatcher.send([await world.row("a")]);
    expect(world.asked).toEqual([]);
    expect(await world.row("a")).toMatchObject({
      status: "dead",
      error: {
        code: "PAYLOAD_MISSING",
        message: "the ledger has lost the memory that was to be delivered",
      },
    });
    await world.window.reserve(8, never);
  });
});

test("nothing is sent while the models rest", async () => {
  const world = await dispatching();
  world.backoff.pause("quota");
  await world.dispatcher.send(world.rows);
  expect(world.clock.sleeps).toEqual([40]);
  expect(await world.stands()).toEqual(["a submitted 0"]);
});

test.each([1, 2])("no more than %i requests are on the wire at once", async (requests) => {
  const world = await dispatching({ ids: ["a", "b", "c"], batch: 1, requests });
  let now = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  world.answer(async (documents, submit) => {
    most = Math.max(most, ++now);
    if (now === requests) gate.resolve();
    await gate.promise;
    const outcomes = await submit(documents);
    now -= 1;
    return outcomes;
  });
  await Promise.all(world.rows.map((row) => world.dispatcher.send([row])));
  expect(most).toBe(requests);
});

function textOf({ transformer }: Pick<Awaited<ReturnType<typeof syncHarness>>, "transformer">, id: string) {
  const written = transformer.write("CTX", memoryOf(id));
  return written.kind === "document" ? written.text : "";
}
