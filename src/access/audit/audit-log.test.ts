import { describe, expect, test } from "vitest";
import { makeStore } from "../../../test/contract/state-manager-store.ts";
import { meddle, type RawRecord } from "../../../test/support/meddle.ts";
import { SteppedClock } from "../../../test/support/stepped-clock.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import { chained } from "../../state/audit-entry.ts";
import { fileBackends } from "../../state/open-state.ts";
import type { AuditAction } from "./audit-action.ts";
import { AuditLog } from "./audit-log.ts";
import type { AuditOrigin } from "./audit-origin.ts";

const origin = (id: string): AuditOrigin => ({
  actor: { kind: "api-key", id, name: `name of ${id}` },
  address: "10.0.0.1",
  requestId: "r-1",
});

/** Number of entries that a log with a history has: enough for more than one page. */
const many = 1203;

describe.each(fileBackends)("%s", { timeout: 30_000 }, (backend) => {
  async function openLog(store = makeStore(backend), clock = new SteppedClock()) {
    const state = await store.open();
    const log = new AuditLog(state.audit, clock, maskSecrets);
    const record = (subject: string, action: AuditAction = "connector.pause", who = "k1") =>
      log.record(origin(who), { action, subject });
    return { store, state, clock, log, record };
  }

  /** A log of five entries, closed. */
  async function closedLog() {
    const { store, state, record, log } = await openLog();
    for (const subject of ["a", "b", "c", "d", "e"]) await record(subject);
    const { head } = await log.verify();
    await state.close();
    return { store, head };
  }

  const verifyAfter = async (change: (records: readonly RawRecord[]) => readonly RawRecord[]) => {
    const { store, head } = await closedLog();
    meddle(backend, store.path, change);
    const { log, record } = await openLog(store);
    return { log, record, head, verdict: await log.verify() };
  };
  const entryAt = (number: number) => (record: RawRecord) =>
    record.collection === "audit" && record.content.number === number;

  test("an entry says who, what, when, from where, and what it was before and after, secrets masked", async () => {
    const { log } = await openLog();
    const settings = (key: string) => ({ id: "one", memory_api: { url: "http://u:p@h/", api_key: key } });
    const change = { action: "connector.replace", subject: "one" } as const;
    await log.record(origin("k1"), { ...change, before: settings("old"), after: settings("new") });
    const masked = { id: "one", memory_api: { url: "http://***@h/", api_key: "***" } };
    const { entries } = await log.list({ limit: 10 });
    expect(entries).toEqual([
      {
        number: 1,
        at: Date.parse("2025-01-01T00:00:00Z"),
        actor: { kind: "api-key", id: "k1", name: "name of k1" },
        from: { host: expect.any(String), address: "10.0.0.1", requestId: "r-1" },
        action: "connector.replace",
        subject: "one",
        before: masked,
        after: masked,
        previous: "0".repeat(64),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/u),
      },
    ]);
  });

  test("entries are listed newest first in pages, each of them once", async () => {
    const { log, record } = await openLog();
    await Promise.all(Array.from({ length: many }, (_, index) => record(`s${index % 3}`)));
    const numbers: number[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = await log.list({ limit: 100, after });
      numbers.push(...page.entries.map(({ number }) => number));
      after = page.next;
    }
    expect(numbers).toEqual(Array.from({ length: many }, (_, index) => many - index));
    expect(await log.verify()).toMatchObject({ entries: many, first: 1, problem: null });
    const found = await log.list({ limit: 401, subject: "s0" });
    expect([found.entries.length, found.next]).toEqual([401, null]);
    await expect(log.list({ limit: 1, after: "x" })).rejects.toMatchObject({ code: "STATE_CURSOR_INVALID" });
  });

  test("filters pick entries by who, what, whom and when, and all have to fit", async () => {
    const { log, record, clock } = await openLog();
    await record("a", "key.create", "k1");
    await clock.advance(1000);
    await record("a", "key.revoke", "k2");
    await clock.advance(1000);
    await record("b", "connector.pause", "k2");
    const start = Date.parse("2025-01-01T00:00:00Z");
    const numbers = async (filter: object) =>
      (await log.list({ limit: 10, ...filter })).entries.map(({ number }) => number);
    expect(await numbers({ actor: "k2" })).toEqual([3, 2]);
    expect(await numbers({ actor: "name of k1" })).toEqual([1]);
    expect(await numbers({ action: "key" })).toEqual([2, 1]);
    expect(await numbers({ action: "key.create" })).toEqual([1]);
    expect(await numbers({ action: "ke" })).toEqual([]);
    expect(await numbers({ subject: "b" })).toEqual([3]);
    expect(await numbers({ since: start + 1000 })).toEqual([3, 2]);
    expect(await numbers({ until: start + 1000 })).toEqual([2, 1]);
    expect(await numbers({ actor: "k2", action: "key", since: start })).toEqual([2]);
  });

  test("an empty log holds", async () => {
    const { log } = await openLog();
    expect(await log.verify()).toEqual({ entries: 0, first: null, head: null, problem: null });
  });

  test("a changed entry is found", async () => {
    const { verdict } = await verifyAfter((records) =>
      records.map((record) =>
        entryAt(3)(record) ? { ...record, content: { ...record.content, subject: "x" } } : record,
      ),
    );
    expect(verdict).toMatchObject({ problem: { number: 3, reason: expect.stringContaining("was changed") } });
  });

  test("an entry that was changed together with its hash is found by the one behind it", async () => {
    const rewritten = (number: number) => (records: readonly RawRecord[]) =>
      records.map((record) => {
        if (!entryAt(number)(record)) return record;
        const { number: _, hash: __, previous, ...fact } = record.content;
        const entry = chained({ ...fact, subject: "x" }, { number: number - 1, hash: previous });
        return { ...record, content: entry };
      });
    const middle = await verifyAfter(rewritten(3));
    expect(middle.verdict.problem).toMatchObject({ number: 4 });
    const last = await verifyAfter(rewritten(5));
    expect(last.verdict.problem).toMatchObject({ number: 5, reason: expect.stringContaining("hash") });
  });

  test("removed entries are found, at the beginning, in the middle and at the end", async () => {
    const without = (...numbers: number[]) =>
      verifyAfter((records) =>
        records.filter((record) => !numbers.some((number) => entryAt(number)(record))),
      );
    expect((await without(3)).verdict.problem).toEqual({ number: 3, reason: "entry 3 is missing" });
    expect((await without(2, 3)).verdict.problem).toEqual({
      number: 2,
      reason: "entries 2 to 3 are missing",
    });
    expect((await without(1)).verdict.problem).toMatchObject({ number: 1 });
    expect((await without(4, 5)).verdict.problem).toEqual({
      number: 4,
      reason: "entries 4 to 5 are missing at the end",
    });
    const all = await without(1, 2, 3, 4, 5);
    expect(all.verdict.problem).toMatchObject({ number: 1 });
    await all.record("later");
    expect((await all.log.verify()).problem).toMatchObject({ number: 1 });
  });

  test("entries that were put in or changed places are found", async () => {
    const inserted = await verifyAfter((records) => [
      ...records,
      ...records.filter(entryAt(3)).map((record) => ({ ...record, id: `${record.id}5` })),
    ]);
    expect(inserted.verdict.problem).toMatchObject({
      number: 4,
      reason: expect.stringContaining("stands entry 3"),
    });
    const swapped = await verifyAfter((records) => {
      const contents = new Map([2, 4].map((number) => [number, records.find(entryAt(number))?.content]));
      return records.map((record) => {
        if (entryAt(2)(record)) return { ...record, content: contents.get(4) };
        return entryAt(4)(record) ? { ...record, content: contents.get(2) } : record;
      });
    });
    expect(swapped.verdict.problem).toMatchObject({ number: 2 });
  });

  test("a record that is no entry at all is found", async () => {
    const { verdict } = await verifyAfter((records) =>
      records.map((record) => (entryAt(2)(record) ? { ...record, content: null } : record)),
    );
    expect(verdict.problem).toMatchObject({ number: 2 });
  });

  test("a chain whose end was cut off together with its record is found by a noted entry", async () => {
    const cut = (records: readonly RawRecord[]) =>
      records
        .filter((record) => !entryAt(4)(record) && !entryAt(5)(record))
        .map((record) => {
          const { number, hash } = records.find(entryAt(3))?.content ?? {};
          return record.collection === "audit-head" ? { ...record, content: { number, hash } } : record;
        });
    const { log, record, head, verdict } = await verifyAfter(cut);
    expect(verdict.problem).toBeNull();
    expect((await log.verify(head)).problem).toMatchObject({ number: 5 });
    await record("d, again");
    await record("e, again");
    expect((await log.verify()).problem).toBeNull();
    expect((await log.verify(head)).problem).toMatchObject({
      number: 5,
      reason: expect.stringContaining("written anew"),
    });
  });

  test("a log without the record of its end is found, goes on behind its last entry, and overwrites nothing", async () => {
    const { log, record, verdict } = await verifyAfter((records) =>
      records.filter(({ collection }) => collection !== "audit-head"),
    );
    expect(verdict.problem).toMatchObject({ number: 5 });
    await record("f");
    expect((await log.list({ limit: 10 })).entries.map(({ subject }) => subject)).toEqual([..."fedcba"]);
  });

  test("retention removes old entries and leaves a chain that holds, again and again", async () => {
    const { log, record, clock, store, state } = await openLog();
    for (const subject of ["a", "b", "c"]) await record(subject);
    await clock.advance(10_000);
    await record("d");
    const before = clock.now();
    expect(await log.removeBefore(before)).toBe(3);
    const { head, ...verdict } = await log.verify();
    expect(verdict).toEqual({ entries: 2, first: 4, problem: null });
    expect((await log.list({ limit: 10 })).entries.map(({ action }) => action)).toEqual([
      "audit.checkpoint",
      "connector.pause",
    ]);
    expect(await log.removeBefore(before)).toBe(0);
    await clock.advance(10_000);
    expect(await log.removeBefore(clock.now())).toBe(2);
    expect(await log.verify(head)).toMatchObject({ entries: 1, first: 6, problem: null });
    await record("e");
    expect((await log.verify()).problem).toBeNull();
    await state.close();
    meddle(backend, store.path, (records) => records.filter((stored) => !entryAt(6)(stored)));
    const again = await openLog(store);
    expect((await again.log.verify()).problem).toMatchObject({
      number: 1,
      reason: expect.stringContaining("no checkpoint"),
    });
  });

  test("opened for reading only, nothing is recorded", async () => {
    const { store } = await closedLog();
    const state = await store.open({ readOnly: true });
    const log = new AuditLog(state.audit, new SteppedClock(), maskSecrets);
    await expect(log.record(origin("k"), { action: "key.create", subject: "x" })).rejects.toMatchObject({
      code: "STATE_READ_ONLY",
    });
  });
});

test("retention of a long log goes in steps, and the chain holds", { timeout: 30_000 }, async () => {
  const state = await makeStore("sqlite").open();
  const clock = new SteppedClock();
  const log = new AuditLog(state.audit, clock, maskSecrets);
  const record = () => log.record(origin("k"), { action: "connector.pause", subject: "a" });
  await Promise.all(Array.from({ length: 5001 }, record));
  await clock.advance(1000);
  expect(await log.removeBefore(Number.MAX_SAFE_INTEGER)).toBe(5001);
  const checkpoints = 2;
  expect(await log.verify()).toMatchObject({ entries: checkpoints, first: 5002, problem: null });
});
