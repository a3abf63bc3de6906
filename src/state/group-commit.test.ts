import { expect, test } from "vitest";
import { type BatchStore, GroupCommit } from "./group-commit.ts";

/** A store that keeps what was committed and lets a test say when, and whether, the disk is ready. */
class TestBatches implements BatchStore {
  readonly committed: string[][] = [];
  disk: Promise<void> = Promise.resolve();
  broken = false;
  beginning: Promise<void> = Promise.resolve();
  #batch: string[] = [];

  begin(): Promise<void> {
    this.#batch = [];
    return this.beginning;
  }

  attempt<T>(work: () => T): T {
    return work();
  }

  async commit(): Promise<void> {
    const batch = this.#batch;
    await this.disk;
    if (this.broken) throw new Error("disk");
    this.committed.push(batch);
  }

  put(name: string): string {
    this.#batch.push(name);
    return name;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("calls of one turn share a batch, and those that come meanwhile share the next one", async () => {
  const store = new TestBatches();
  const commits = new GroupCommit(store);
  const disk = Promise.withResolvers<void>();
  store.disk = disk.promise;
  const first = [commits.run(() => store.put("a")), commits.run(() => store.put("b"))];
  await nextTurn();
  await nextTurn();
  const second = [commits.run(() => store.put("c")), commits.run(() => store.put("d"))];
  disk.resolve();
  expect(await Promise.all([...first, ...second])).toEqual(["a", "b", "c", "d"]);
  expect(store.committed).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
});

test("a call resolves only when its batch is durable", async () => {
  const store = new TestBatches();
  const disk = Promise.withResolvers<void>();
  store.disk = disk.promise;
  let resolved = false;
  const call = new GroupCommit(store)
    .run(() => store.put("a"))
    .then(() => {
      resolved = true;
    });
  await nextTurn();
  await nextTurn();
  expect(resolved).toBe(false);
  disk.resolve();
  await call;
});

test("a unit that throws fails alone", async () => {
  const store = new TestBatches();
  const commits = new GroupCommit(store);
  const outcomes = await Promise.allSettled([
    commits.run(() => store.put("a")),
    commits.run(() => {
      throw new Error("stale");
    }),
    commits.run(() => store.put("c")),
  ]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(store.committed).toEqual([["a", "c"]]);
});

test("a batch that does not reach the disk fails whole, and the next one goes on", async () => {
  const store = new TestBatches();
  const commits = new GroupCommit(store);
  store.broken = true;
  const outcomes = await Promise.allSettled([commits.run(() => "a"), commits.run(() => "b")]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
  store.broken = false;
  expect(await commits.run(() => "c")).toBe("c");
});

test("when no batch can be begun, everyone who waits is told, and later calls try again", async () => {
  const store = new TestBatches();
  const commits = new GroupCommit(store);
  const beginning = Promise.withResolvers<void>();
  store.beginning = beginning.promise;
  const calls = [commits.run(() => "a")];
  await nextTurn();
  await nextTurn();
  calls.push(commits.run(() => "b"));
  beginning.reject(new Error("busy"));
  for (const call of calls) await expect(call).rejects.toThrow("busy");
  store.beginning = Promise.resolve();
  expect(await commits.run(() => "c")).toBe("c");
});

test("long work is spread over batches, so that the event loop gets its turns", async () => {
  const store = new TestBatches();
  const commits = new GroupCommit(store);
  const work = (name: string) => () => {
    const until = performance.now() + 10;
    while (performance.now() < until);
    return store.put(name);
  };
  await Promise.all([commits.run(work("a")), commits.run(work("b")), commits.run(work("c"))]);
  expect(store.committed).toEqual([["a"], ["b"], ["c"]]);
});

test("idle waits for everything that was begun, and is at once there when nothing was", async () => {
  const store = new TestBatches();
  const commits = new GroupCommit(store);
  await commits.idle();
  const settled: string[] = [];
  for (const name of ["a", "b"]) void commits.run(() => store.put(name)).then((done) => settled.push(done));
  await commits.idle();
  expect(settled).toEqual(["a", "b"]);
});
