import fc from "fast-check";
import { expect, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { MemoryApiClient } from "../../src/sources/memory-api/memory-api-client.ts";
import { type ApiMemory, makeApiMemories } from "../support/memory-api-data.ts";
import type { ListingBehaviour } from "../support/memory-api-listing.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { says } from "../support/memory-api-spellings.ts";
import { syncHarness } from "../support/sync-harness.ts";

/** What happens at the source between two runs, or while a list is walked through. */
type Change = { kind: "insert" | "delete" | "edit" | "empty" | "fill"; at: number };

const change = fc.record({
  kind: fc.constantFrom("insert", "insert", "insert", "delete", "edit", "empty", "fill"),
  at: fc.nat(60),
}) as fc.Arbitrary<Change>;
const spelling = fc.constantFrom(undefined, ...(Object.keys(says) as (keyof typeof says)[]));
const shape = fc.record({
  cap: fc.constantFrom(undefined, undefined, 7, 20, 50),
  paging: fc.constantFrom(undefined, "offset", "page", "page-from-0", "cursor"),
  isPagingSet: fc.boolean(),
  says: spelling,
  first: fc.constantFrom(0, 3, 12, 19, 49, 50, 55),
  limit: fc.constantFrom(10, 40, 100),
});
const history = fc.record({
  shape,
  runs: fc.array(
    fc.record({ between: fc.array(change, { maxLength: 5 }), during: fc.array(change, { maxLength: 1 }) }),
    {
      minLength: 3,
      maxLength: 6,
    },
  ),
});

const newest = Date.UTC(2026, 0, 1);

/** What the source really holds. */
class Model {
  readonly living = new Map<string, ApiMemory>();
  readonly api: MemoryApiSimulator;
  /** How many it ever held at once. */
  largest = 0;
  private born = 0;

  constructor(api: MemoryApiSimulator, first: number) {
    this.api = api;
    api.clear("CTX");
    for (const memory of makeApiMemories(first)) this.put(memory);
  }

  apply({ kind, at }: Change): void {
    const memory = [...this.living.values()][at % Math.max(1, this.living.size)];
    if (kind === "insert") this.insert();
    else if (memory === undefined) return;
    else if (kind === "delete") {
      this.living.delete(memory.id);
      this.api.remove("CTX", memory.id);
    } else if (kind === "edit") this.put({ ...memory, transcript: `edited ${at} ${memory.id}` });
    else if (kind === "empty") this.put({ ...memory, transcript: "" });
    else if (memory.transcript === "") this.put({ ...memory, transcript: `late ${memory.id}` });
  }

  insert(): void {
    this.born += 1;
    const created_at = new Date(newest + this.born * 60_000).toISOString();
    this.put({ id: `n${this.born}`, created_at, transcript: `born ${this.born}` });
  }

  private put(memory: ApiMemory): void {
    this.living.set(memory.id, memory);
    this.largest = Math.max(this.largest, this.living.size);
    this.api.put("CTX", memory);
  }
}

async function live({ shape, runs }: typeof history extends fc.Arbitrary<infer Kind> ? Kind : never) {
  const { isPagingSet, first, limit, ...server } = shape;
  const api = await MemoryApiSimulator.start({ ...(server as ListingBehaviour), count: "absent" });
  const paging = isPagingSet ? (server.paging?.replace("-from-0", "") as "page" | undefined) : undefined;
  const source = new MemoryApiClient({
    url: api.url,
    apiKey: api.key,
    rateLimit: { perSecond: 1e6, burst: 1e6 },
    ...(paging === undefined ? {} : { paging }),
  });
  let shiftMs = 0;
  const clock = { ...systemClock, now: () => newest + 86_400_000 + shiftMs };
  const deletions = {
    policy: "propagate" as const,
    graceListings: 1,
    gracePeriodMs: 0,
    maxPercent: 100,
    alwaysAllowed: 1,
  };
  const settings = { queryRange: "all" as const, queryLimit: limit, deletions, maxResendPercent: 100 };
  const harness = await syncHarness(settings, clock, undefined, { backend: "json" });
  const sync = harness.with({ source });
  try {
    const model = new Model(api, first);
    const held = () => new Set([...harness.sink.texts().keys()].map((name) => name.split("@")[0] ?? ""));
    for (const { between, during } of [...runs, { between: [], during: [] }]) {
      for (const each of between) model.apply(each);
      const waiting = [...during];
      let asked = 0;
      api.beforeAnswer = () => {
        asked += 1;
        const next = asked === 2 ? waiting.shift() : undefined;
        if (next !== undefined && next.kind !== "empty") model.apply(next);
      };
      // One that was emptied is rightly taken away, also when it gets a text again while the run goes on.
      const withText = new Set(
        [...model.living.values()].flatMap((each) => (each.transcript === "" ? [] : [each.id])),
      );
      const before = held();
      shiftMs += 60_000;
      const run = await sync.run();
      api.beforeAnswer = () => {};
      const after = held();
      for (const [id, memory] of model.living)
        if (before.has(id) && withText.has(id) && memory.transcript !== "")
          expect(after, `living ${id}`).toContain(id);
      const isQuiet = during.length === 0;
      const missed = [...model.living.values()].filter(
        ({ id, transcript }) => transcript !== "" && !after.has(id),
      );
      if (isQuiet && missed.length > 0 && isTellable(shape, model.living.size))
        expect(run.outcome).toBe("partial");
    }
    await expectEndOfDoubt(model, shape, sync, held);
  } finally {
    await source.close();
    await api.close();
  }
}

/** A cap that nobody speaks of is seen when the list has its length for the first time, if it is a number that caps have. */
function isTellable(
  {
    cap,
    says: how,
    isPagingSet,
    paging,
  }: {
    cap?: number | undefined;
    says?: string | number | undefined;
    isPagingSet: boolean;
    paging?: string | undefined;
  },
  size: number,
): boolean {
  return size > (cap ?? 0) && (how !== undefined || cap === 50 || (isPagingSet && paging !== undefined));
}

/**
 * Where the server shows everything, one memory more ends whatever doubt there was, and it stays ended; one more than ever, where the list has
 * come back to a length at which old ones seemed to be pushed off.
 */
async function expectEndOfDoubt(
  model: Model,
  { cap }: { cap?: number | undefined },
  sync: { run(): Promise<{ outcome: string; truncated: string | null }> },
  held: () => Set<string>,
): Promise<void> {
  const more = Math.max(2, model.largest + 1 - model.living.size);
  if (cap !== undefined && model.living.size + more > cap) return;
  for (let each = 0; each < more; each += 1) {
    model.insert();
    await sync.run();
  }
  const last = await sync.run();
  expect(last).toMatchObject({ outcome: "success", truncated: null });
  const wanted = [...model.living.values()].filter(({ transcript }) => transcript !== "").map(({ id }) => id);
  expect([...held()].toSorted()).toEqual(wanted.toSorted());
}

test("over any history of a source and any shape of its server", { timeout: 240_000 }, async () => {
  const numRuns = Number(process.env.FC_RUNS ?? 25);
  await fc.assert(fc.asyncProperty(history, live), {
    numRuns,
    ...(process.env.FC_SEED && { seed: Number(process.env.FC_SEED) }),
    endOnFailure: process.env.FC_RUNS === undefined,
  });
});
