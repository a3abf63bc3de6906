import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { applyEvent, newRow } from "../../domain/ledger.ts";
import type { LedgerEvent } from "../../domain/ledger-event.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { planRun } from "../discover/plan.ts";
import type { MemoryFilter } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";

type Sync = Awaited<ReturnType<typeof quickHarness>>;

const error = { code: "SINK_REJECTED", message: "too hot", hint: "cool it" } as const;
const key = (memoryId: string) => ({ connectorId: "c", contextId: "CTX", memoryId });

/** The row of a memory that was delivered, after one more thing has happened to it. */
async function after(sync: Sync, memoryId: string, event: LedgerEvent) {
  await sync.state.saveRows([applyEvent(await sync.row(memoryId), event, sync.clock.now())]);
}

const refuse = (sync: Sync) => {
  sync.sink.submit = async (documents) =>
    documents.map(() => ({ kind: "rejected", error: new ConnectorError("SINK_REJECTED", "too hot") }));
};

/** What is done before the named run; its reason, what its hint says, and whether the plan says the same before the run. */
const cases: [string, (sync: Sync) => unknown, string, RegExp, "planned" | "unplanned"][] = [
  [
    "erased",
    async (sync) => {
      await sync.run();
      await after(sync, "x", { type: "erase" });
    },
    "erased",
    /`memory-connector erase --undo --memory x --connector-id c`/,
    "planned",
  ],
  [
    "erased before any run has seen it",
    (sync) => sync.state.erasures.add(key("x"), 1),
    "erased",
    /erase --undo --memory x/,
    "planned",
  ],
  [
    "without a transcript",
    (sync) => {
      sync.source.memories = [memoryOf("x", { transcript: " " })];
    },
    "waiting_for_transcript",
    /skip_empty_transcripts/,
    "planned",
  ],
  ["refused for good", refuse, "dead_letter", /dead-letters replay --connector-id c --ids x/, "unplanned"],
  [
    "a dead letter of old",
    async (sync) => {
      const { submit } = sync.sink;
      refuse(sync);
      await sync.run();
      sync.sink.submit = submit;
    },
    "dead_letter",
    /dead-letters replay --connector-id c --ids x/,
    "planned",
  ],
  [
    "not well-formed",
    (sync) => {
      sync.source.memories = [];
      sync.source.malformed = [{ id: "x", problems: ["type: is missing"], excerpt: "{}", fingerprint: "f" }];
    },
    "dead_letter",
    /taken up again when its source mends it/,
    "unplanned",
  ],
  [
    "not to be read yet",
    (sync) => {
      sync.source.memories = [];
      sync.source.pending = [{ id: "x", at: null }];
    },
    "waiting_for_source",
    /`memory-connector sync` looks again/,
    "planned",
  ],
  [
    "dropped",
    async (sync) => {
      const dead: LedgerEvent = { type: "malformed", error, contentHash: "f" };
      const row = newRow(key("x"), "x", 0);
      const dropped = applyEvent(applyEvent(row, dead, 0), { type: "drop" }, 0);
      const sourceHash = sync.enrichment.sourceHash(memoryOf("x"));
      await sync.state.saveRows([{ ...dropped, sourceHash }]);
    },
    "skipped",
    /when the source shows it changed/,
    "planned",
  ],
  [
    "unknown to the source",
    (sync) => {
      sync.source.memories = [];
    },
    "not_found",
    /typing mistake/,
    "planned",
  ],
];

async function startNamed(prepare: (sync: Sync) => unknown, settings: Partial<SyncSettings> = {}) {
  const sync = await quickHarness(settings);
  sync.source.memories = [memoryOf("x")];
  await prepare(sync);
  const of = (filter: MemoryFilter) => ({ force: false, filter: { ids: new Set(["x"]), ...filter } });
  return {
    ...sync,
    planned: async (filter: MemoryFilter = {}) =>
      (await planRun(sync, sync.settings, of(filter), new AbortController().signal)).notDelivered,
    ran: async (filter: MemoryFilter = {}) => (await sync.run(of(filter))).notDelivered,
  };
}

test.each(cases)("a named memory that is %s is told so", async (_, prepare, reason, hint, isPlanned) => {
  const { planned, ran } = await startNamed(prepare);
  const told = [{ memoryId: "x", reason, hint: expect.stringMatching(hint) }];
  if (isPlanned === "planned") expect(await planned()).toMatchObject(told);
  expect(await ran()).toMatchObject(told);
});

test("one that is delivered is not told of, nor one of a run that names none", async () => {
  const { planned, ran, run } = await startNamed(() => {});
  expect(await planned()).toEqual([]);
  expect(await ran()).toEqual([]);
  expect(await ran()).toEqual([]);
  expect(await run()).not.toHaveProperty("notDelivered");
});

test("one outside of the span that was asked for is told so", async () => {
  const { planned, ran } = await startNamed(() => {});
  const span = { since: Date.parse("2026-01-01T00:00:00Z") };
  expect(await planned(span)).toMatchObject([{ reason: "outside" }]);
  expect(await ran(span)).toMatchObject([{ reason: "outside" }]);
});

test("a plan tells one that is not well-formed before a run makes a dead letter of it", async () => {
  const { planned } = await startNamed(({ source }) => {
    source.memories = [];
    source.malformed = [{ id: "x", problems: ["type: is missing"], excerpt: "{}", fingerprint: "f" }];
  });
  expect(await planned()).toMatchObject([
    { memoryId: "x", reason: "dead_letter", message: expect.stringContaining("type: is missing") },
  ]);
});

test("one of a run that did not come so far is told so, with what stopped the run", async () => {
  const { ran } = await startNamed(({ source }) => {
    source.beforeList = () => {
      throw new ConnectorError("SOURCE_UNAUTHORIZED", "no", { hint: "another key" });
    };
  });
  expect(await ran()).toMatchObject([{ reason: "not_reached", hint: "another key" }]);
});

test("those whose new texts a guard holds are told so, with what lets them pass", async () => {
  const { run, source } = await quickHarness();
  const names = Array.from({ length: 12 }, (_, index) => `m${index}`);
  source.memories = names.map((id) => memoryOf(id));
  await run();
  source.memories = names.map((id) => memoryOf(id, { transcript: `${id} says something else` }));
  const ids = new Set(names);
  const held = await run({ filter: { ids } });
  expect(held).toMatchObject({ outcome: "failed" });
  expect(held.notDelivered).toHaveLength(12);
  expect(held.notDelivered?.[0]).toMatchObject({
    reason: "held",
    hint: expect.stringContaining("--accept-resend"),
  });
  expect((await run({ filter: { ids }, acceptResends: true })).notDelivered).toEqual([]);
});

test("those whose emptied texts a guard keeps in LightRAG are told so, and the others are not", async () => {
  const { run, source } = await quickHarness();
  source.memories = ["a", "b", "c"].map((id) => memoryOf(id));
  await run();
  source.memories = [memoryOf("a"), memoryOf("b", { transcript: "" }), memoryOf("c", { transcript: "" })];
  const { notDelivered } = await run({ filter: { ids: new Set(["a", "b", "c"]) } });
  expect(notDelivered).toMatchObject([
    { memoryId: "b", reason: "held", hint: expect.stringContaining("--accept-deletions") },
    { memoryId: "c", reason: "held" },
  ]);
});
