import { expect, test } from "vitest";
import { ConnectorError } from "../../src/kernel/errors/connector-error.ts";
import { memoryOf, quickHarness } from "../support/sync-harness.ts";

const ids = Array.from("abcdefgh");

/** The process dies at its `at`-th call of the state or of LightRAG, before or after the call has done its work. */
class Life {
  calls = 0;
  private isOver = false;
  private readonly at: number;
  private readonly when: "before" | "after";

  constructor(at: number, when: "before" | "after") {
    this.at = at;
    this.when = when;
  }

  /** The same object, whose every call is one more step of this life. */
  lead<T extends object>(target: T, ...steps: (keyof T)[]): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        const call = value.bind(target);
        return steps.includes(name as keyof T)
          ? (...args: unknown[]) => this.step(() => call(...args))
          : call;
      },
    });
  }

  private async step(work: () => unknown): Promise<unknown> {
    this.calls += 1;
    const isLast = !this.isOver && this.calls === this.at;
    if (this.isOver || (isLast && this.when === "before")) this.die();
    const result = await work();
    if (isLast || this.isOver) this.die();
    return result;
  }

  private die(): never {
    this.isOver = true;
    throw new Error("killed");
  }
}

const isPoison = ({ fileSource }: { fileSource: string }) => fileSource.startsWith("c@");

/** Eight memories, one of them poison: every batch with it is answered by a reset, every other time after one of the others was taken. */
async function world() {
  const sync = await quickHarness({ concurrency: 8, maxInFlight: 8 });
  sync.source.memories = ids.map((id) => memoryOf(id));
  const connect = sync.sink.connect.bind(sync.sink);
  sync.sink.connect = async () => ({ ...(await connect()), maxBatch: 8 });
  const inserted = new Map<string, number>();
  sync.sink.onInsert = (record) => {
    inserted.set(record.fileSource, (inserted.get(record.fileSource) ?? 0) + 1);
    Object.assign(record, { status: "processed", chunks: 1 });
  };
  const submit = sync.sink.submit.bind(sync.sink);
  let refusals = 0;
  sync.sink.submit = async (documents) => {
    if (!documents.some(isPoison)) return submit(documents);
    refusals += 1;
    if (documents.length > 1 && refusals % 2 === 0)
      await submit(documents.filter((one) => !isPoison(one)).slice(0, 1));
    throw new ConnectorError("SINK_OUTCOME_UNKNOWN", "reset");
  };
  return { sync, inserted };
}

async function liveAndBeKilled(at: number, when: "before" | "after") {
  const { sync, inserted } = await world();
  const life = new Life(at, when);
  const state = life.lead(
    sync.state,
    "saveRows",
    "saveRun",
    "pageRows",
    "getRows",
    "countRows",
    "earliestAttempt",
  );
  const sink = life.lead(sync.sink, "submit", "find", "remove", "connect", "isBusy");
  const end = await sync
    .with({ state, sink })
    .run()
    .catch(() => "killed");
  return { sync, inserted, calls: life.calls, wasKilled: end === "killed" || life.calls >= at };
}

test.each(["before", "after"] as const)(
  "a kill %s any step of dividing a batch loses no document and doubles none",
  async (when) => {
    for (let at = 1; ; at += 1) {
      const { sync, inserted, wasKilled } = await liveAndBeKilled(at, when);
      await sync.run();
      const good = ids.filter((id) => id !== "c");
      const name = (id: string) => `${id}@CTX.md`;
      expect([...sync.sink.texts().keys()].toSorted(), `step ${at}`).toEqual(good.map(name));
      expect(Object.fromEntries(inserted), `step ${at}`).toEqual(
        Object.fromEntries(good.map((id) => [name(id), 1])),
      );
      for (const id of good) expect(await sync.row(id), `step ${at}`).toMatchObject({ status: "processed" });
      expect(await sync.row("c"), `step ${at}`).toMatchObject({ status: "dead", attempts: 3 });
      if (!wasKilled) return;
      expect(at).toBeLessThan(500);
    }
  },
);
