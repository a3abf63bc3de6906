import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { groupFileSourceOf } from "../../src/documents/file-source.ts";
import { applyEvent } from "../../src/domain/ledger.ts";
import type { LedgerRow } from "../../src/domain/ledger-row.ts";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { exportArchive } from "../../src/operations/backup/export-archive.ts";
import { migrateState } from "../../src/operations/backup/migrate-state.ts";
import { restoreArchive } from "../../src/operations/backup/restore-archive.ts";
import type { StateBackend } from "../../src/state/open-state.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { memoryOf, pendingRow, processedRow, scope } from "./state-manager-samples.ts";
import { makeStore } from "./state-manager-store.ts";

const signal = new AbortController().signal;
const key = { ...scope, memoryId: "secret" };
const withCode = (code: string) => expect.objectContaining({ code });
const words = "the words of the secret memory";

async function erase(state: StateManager): Promise<void> {
  await state.erasures.add(key, 5);
  const row = (await state.getRows(scope, ["secret"])).get("secret");
  if (row !== undefined) await state.saveRows([applyEvent(row, { type: "erase" }, 5)]);
  await state.expunge();
}

/** What would bring the memory back: any row of it that is not an erased one. */
async function expectKeptAway(state: StateManager, connectorId = scope.connectorId): Promise<void> {
  const place = { ...scope, connectorId };
  expect(await state.erasures.among(place, ["secret", "other"])).toEqual(new Set(["secret"]));
  const row = (await state.getRows(place, ["secret"])).get("secret");
  expect(row?.skipReason ?? "erased").toBe("erased");
  const anew = { ...pendingRow({ connectorId, memoryId: "secret" }), version: row?.version ?? 0 };
  await expect(state.saveRows([anew])).rejects.toEqual(withCode("MEMORY_ERASED"));
}

/** Every file of the state that holds the text, by name. */
function filesWith(path: string, text: string): string[] {
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}`));
  return names.filter(
    (name) => !name.endsWith(".locks") && readFileSync(join(dirname(path), name)).includes(text),
  );
}

/** The groups of letters that SQLite's index of words has. */
function termsIn(path: string): unknown[] {
  const database = new DatabaseSync(path);
  database.exec("CREATE VIRTUAL TABLE temp.term USING fts5vocab('main', 'kept_word', 'row')");
  const terms = database.prepare("SELECT term FROM temp.term").all();
  database.close();
  return terms;
}

for (const backend of ["json", "sqlite"] as const satisfies StateBackend[]) {
  describe(`${backend}: erased stays erased`, () => {
    async function erasedStore() {
      const store = makeStore(backend);
      const state = await store.open();
      await state.saveRows([pendingRow({ memoryId: "secret" }, words), processedRow({ memoryId: "other" })]);
      await erase(state);
      return { store, state };
    }

    test("through a reset, the removal of the connector, and reopening", async () => {
      const { store, state } = await erasedStore();
      await state.resetConnector(scope.connectorId);
      await expectKeptAway(state);
      await state.forgetConnector(scope.connectorId);
      await state.close();
      const again = await store.open();
      await expectKeptAway(again);
      expect(await again.erasures.count(scope.connectorId)).toBe(1);
      expect(await again.erasures.count("others")).toBe(0);
    });

    test("through the restore of an archive from before, of everything and of the one connector", async () => {
      for (const connectorId of [null, scope.connectorId]) {
        const store = makeStore(backend);
        const state = await store.open();
        await state.saveRows([
          pendingRow({ memoryId: "secret" }, words),
          processedRow({ memoryId: "other" }),
        ]);
        const file = join(temporaryFolder(), "archive");
        await exportArchive(
          { state: store, file, force: false, connectorId, extras: noExtras(), clock: systemClock },
          signal,
        );
        await erase(state);
        await state.close();
        await restoreArchive({ file, state: store, overwrite: true, clock: systemClock }, signal);
        expect(filesWith(store.path, words)).toEqual([]);
        const again = await store.open();
        await expectKeptAway(again);
        expect((await again.getRows(scope, ["other"])).get("other")?.status).toBe("processed");
      }
    });

    test("in an archive, in whichever backend it is restored", async () => {
      const { store, state } = await erasedStore();
      await state.resetConnector(scope.connectorId);
      const file = join(temporaryFolder(), "archive");
      const connectorId = scope.connectorId;
      await exportArchive(
        { state: store, file, force: false, connectorId, extras: noExtras(), clock: systemClock },
        signal,
      );
      for (const other of ["json", "sqlite"] as const) {
        const target = makeStore(other);
        await restoreArchive({ file, state: target, overwrite: false, clock: systemClock }, signal);
        await expectKeptAway(await target.open());
      }
    });

    test("through a migration, on both sides of it", async () => {
      const { store, state } = await erasedStore();
      await state.close();
      const target = makeStore(backend === "json" ? "sqlite" : "json");
      await migrateState({ from: store, to: target, overwrite: false, clock: systemClock }, signal);
      await expectKeptAway(await target.open());
      const older = makeStore(backend);
      const before = await older.open();
      await before.saveRows([pendingRow({ memoryId: "secret" }, words)]);
      await before.close();
      await migrateState({ from: older, to: store, overwrite: true, clock: systemClock }, signal);
      await expectKeptAway(await store.open());
    });

    test("when the state is lost, or an older one is put in its place by hand, while a copy is left", async () => {
      const store = makeStore(backend);
      const first = await store.open();
      await first.saveRows([pendingRow({ memoryId: "secret" }, words)]);
      await first.close();
      const older = join(temporaryFolder(), "older");
      copyFileSync(store.path, older);
      const state = await store.open();
      await erase(state);
      await state.close();
      rmSync(store.path);
      const afresh = await store.open();
      await expectKeptAway(afresh);
      await afresh.close();
      copyFileSync(older, store.path);
      const back = await store.open();
      await expectKeptAway(back);
      await back.saveRows([pendingRow({ memoryId: "another" })]);
      await back.close();
      expect(filesWith(store.path, words)).toEqual([]);
    });

    test("until a person allows it again, which no copy undoes", async () => {
      const { store, state } = await erasedStore();
      expect(await state.erasures.remove(key)).toBe(true);
      expect(await state.erasures.remove(key)).toBe(false);
      await state.removeRows([key]);
      await state.expunge();
      await state.close();
      const again = await store.open();
      expect(await again.erasures.among(scope, ["secret"])).toEqual(new Set());
      await again.saveRows([pendingRow({ memoryId: "secret" })]);
    });

    test("from every connector that has or had a source in common, also one that is made later, and from no other", async () => {
      const { store, state } = await erasedStore();
      await state.erasures.reads(scope.connectorId, "old address");
      await state.erasures.reads(scope.connectorId, "new address");
      await state.forgetConnector(scope.connectorId);
      await state.close();
      const again = await store.open();
      await again.erasures.reads("later", "new address");
      await again.erasures.reads("stranger", "another source");
      await expectKeptAway(again, "later");
      expect(await again.erasures.count("later")).toBe(1);
      const strange = { ...scope, connectorId: "stranger" };
      expect(await again.erasures.among(strange, ["secret"])).toEqual(new Set());
      await again.saveRows([pendingRow({ ...strange, memoryId: "secret" })]);
      expect(await again.erasures.count("stranger")).toBe(0);
      const elsewhere = { ...scope, connectorId: "later", contextId: "another context" };
      expect(await again.erasures.among(elsewhere, ["secret"])).toEqual(new Set());
    });

    test("from the companions of its connector through archives, migrations, older states and lost files", async () => {
      const { store, state } = await erasedStore();
      await state.erasures.reads(scope.connectorId, "s");
      await state.erasures.reads("later", "s");
      await state.erasures.add({ ...key, connectorId: "later" }, 5, scope.connectorId);
      await state.resetConnector(scope.connectorId);
      await state.expunge();
      await state.close();
      const file = join(temporaryFolder(), "archive");
      const whole = { state: store, file, force: false, connectorId: null, extras: noExtras() };
      await exportArchive({ ...whole, clock: systemClock }, signal);
      const target = makeStore(backend === "json" ? "sqlite" : "json");
      await restoreArchive({ file, state: target, overwrite: false, clock: systemClock }, signal);
      await expectKeptAway(await target.open(), "later");
      rmSync(store.path);
      const afresh = await store.open();
      await expectKeptAway(afresh, "later");
      await afresh.close();
      const older = makeStore(backend);
      const before = await older.open();
      const left = { connectorId: "later", memoryId: "secret" };
      await before.saveRows([pendingRow(left, words), pendingRow({ ...left, memoryId: "other" })]);
      await before.close();
      await migrateState({ from: older, to: store, overwrite: true, clock: systemClock }, signal);
      const back = await store.open();
      await expectKeptAway(back, "later");
      const rows = await back.getRows({ ...scope, connectorId: "later" }, ["secret", "other"]);
      expect(rows.get("secret")).toMatchObject({ skipReason: "erased", payload: null });
      expect(rows.get("other")).toMatchObject({ status: "pending" });
    });

    test("through the restore of one connector's archive, when a companion erased it", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      await state.erasures.reads(scope.connectorId, "s");
      await state.erasures.reads("later", "s");
      await state.saveRows([pendingRow({ connectorId: "later", memoryId: "secret" }, words)]);
      const file = join(temporaryFolder(), "archive");
      const one = { state: store, file, force: false, connectorId: "later", extras: noExtras() };
      await exportArchive({ ...one, clock: systemClock }, signal);
      await state.resetConnector("later");
      await erase(state);
      await state.erasures.add({ ...key, connectorId: "later" }, 5, scope.connectorId);
      await state.close();
      await restoreArchive({ file, state: store, overwrite: true, clock: systemClock }, signal);
      const again = await store.open();
      await expectKeptAway(again, "later");
      await expectKeptAway(again);
      expect(filesWith(store.path, words)).toEqual([]);
    });

    test("a companion keeps what it had already, until it has an entry of its own", async () => {
      const { store, state } = await erasedStore();
      const later = { ...scope, connectorId: "later" };
      const [row] = await state.saveRows([processedRow({ connectorId: "later", memoryId: "secret" })]);
      await state.erasures.reads(scope.connectorId, "s");
      await state.erasures.reads("later", "s");
      expect(await state.erasures.listed(later, ["secret"])).toEqual(new Set());
      await state.saveRows([applyEvent(row as LedgerRow, { type: "vanish" }, 6)]);
      await state.close();
      const target = makeStore(backend === "json" ? "sqlite" : "json");
      await migrateState({ from: store, to: target, overwrite: false, clock: systemClock }, signal);
      const again = await target.open();
      expect((await again.getRows(later, ["secret"])).get("secret")?.skipReason).not.toBe("erased");
      await again.erasures.add({ ...key, connectorId: "later" }, 7, scope.connectorId);
      expect(await again.erasures.listed(later, ["secret"])).toEqual(new Set(["secret"]));
    });

    test("an entry that was made with another one counts for the companions of that one alone", async () => {
      const { state } = await erasedStore();
      await state.erasures.reads(scope.connectorId, "s");
      for (const source of ["s", "t"]) await state.erasures.reads("between", source);
      await state.erasures.reads("beyond", "t");
      await state.erasures.reads("beside", "s");
      await state.erasures.add({ ...key, connectorId: "between" }, 6, scope.connectorId);
      const away = async (connectorId: string) =>
        (await state.erasures.among({ ...scope, connectorId }, ["secret"])).size;
      expect(await Promise.all(["between", "beside", "beyond"].map(away))).toEqual([1, 1, 0]);
      expect(await state.erasures.count("beyond")).toBe(0);
      await state.saveRows([pendingRow({ connectorId: "beyond", memoryId: "secret" })]);
    });

    test("an entry that was asked for here outlasts one that came from elsewhere, in whatever order and state", async () => {
      const here = { ...key, connectorId: "b", origin: "b" };
      const fromA = { ...here, origin: "a" };
      const among = async (state: StateManager) => {
        await state.erasures.reads("b", "t");
        await state.erasures.reads("later", "t");
        return (await state.erasures.among({ ...scope, connectorId: "later" }, ["secret"])).size;
      };
      const stores = await Promise.all(
        [[fromA], [fromA, here], [here, fromA]].map(async (entries) => {
          const store = makeStore(backend);
          const state = await store.open();
          for (const entry of entries) await state.erasures.addAll([entry], 5);
          expect(await among(state)).toBe(entries.length - 1);
          await state.close();
          return store;
        }),
      );
      const [narrow, wide] = stores as [(typeof stores)[0], (typeof stores)[0]];
      await migrateState({ from: narrow, to: wide, overwrite: true, clock: systemClock }, signal);
      expect(await among(await wide.open())).toBe(1);
    });

    test("several places are marked together, or none", async () => {
      const { state } = await erasedStore();
      const places = ["a", "b"].map((connectorId) => ({ ...key, connectorId, origin: "a" }));
      const bad = { ...key, connectorId: "c", memoryId: "\ud800", origin: "a" };
      await expect(state.erasures.addAll([...places, bad], 5)).rejects.toThrow();
      expect(await state.erasures.listed({ ...scope, connectorId: "a" }, ["secret"])).toEqual(new Set());
      await state.erasures.addAll(places, 5);
      for (const connectorId of ["a", "b"])
        expect(await state.erasures.listed({ ...scope, connectorId }, ["secret"])).toEqual(
          new Set(["secret"]),
        );
    });

    test("what a connector is supposed to read counts until it reads something else, and is never written", async () => {
      const { store, state } = await erasedStore();
      await state.erasures.reads(scope.connectorId, "s");
      const isAway = async (opened: StateManager) =>
        (await opened.erasures.among({ ...scope, connectorId: "later" }, ["secret"])).size > 0;
      state.erasures.supposes("later", "s");
      expect(await isAway(state)).toBe(true);
      state.erasures.supposes("later", "another");
      expect(await isAway(state)).toBe(false);
      state.erasures.supposes("later", "s");
      await state.close();
      expect(await isAway(await store.open())).toBe(false);
    });

    test("by one list for all companions: it counts a memory once, and is cleared at once", async () => {
      const { state } = await erasedStore();
      const later = { ...key, connectorId: "later" };
      for (const { connectorId } of [key, later]) await state.erasures.reads(connectorId, "s");
      await state.erasures.add(later, 6);
      expect(await state.erasures.count("later")).toBe(1);
      expect(await state.erasures.count(scope.connectorId)).toBe(1);
      expect(await state.erasures.remove(later)).toBe(true);
      expect(await state.erasures.among(scope, ["secret"])).toEqual(new Set());
      expect(await state.erasures.count(scope.connectorId)).toBe(0);
    });

    test("in a state that is only read, where what a connector reads cannot be written down", async () => {
      const { store, state } = await erasedStore();
      await state.erasures.reads(scope.connectorId, "s");
      await state.close();
      const reading = await store.open({ readOnly: true });
      await reading.erasures.reads("later", "s");
      const later = { ...scope, connectorId: "later" };
      expect(await reading.erasures.among(later, ["secret"])).toEqual(new Set(["secret"]));
    });

    test("a state that knows no more than what connectors read holds nothing that a restore would replace", async () => {
      const { store: from, state } = await erasedStore();
      await state.close();
      const target = makeStore(backend);
      const used = await target.open();
      await used.erasures.reads(scope.connectorId, "s");
      await used.erasures.reads("later", "s");
      await used.close();
      await migrateState({ from, to: target, overwrite: false, clock: systemClock }, signal);
      await expectKeptAway(await target.open(), "later");
    });

    test("whatever a run makes of its row, and of a dead letter of it", async () => {
      const { state } = await erasedStore();
      const row = (await state.getRows(scope, ["secret"])).get("secret") as LedgerRow;
      for (const event of [{ type: "vanish" }, { type: "tombstone" }] as const) {
        expect(applyEvent(row, event, 6).skipReason).toBe("erased");
      }
      const dying = { ...row, status: "dead", deleteReason: "withdraw", documentId: "d" } as const;
      expect(applyEvent(dying, { type: "drop" }, 6).skipReason).toBe("erased");
    });

    test("a note is taken out of the document that it shared, in what is restored, too", async () => {
      const group = "2025-01-01~1";
      const noteOf = (memoryId: string): LedgerRow => ({
        ...pendingRow({ memoryId }, memoryId === "secret" ? words : "hello"),
        status: "skipped",
        skipReason: "merged",
        groupKey: group,
      });
      const members = [memoryOf("secret", words), memoryOf("other")];
      const document: LedgerRow = {
        ...pendingRow({ memoryId: group }),
        groupKey: group,
        fileSource: groupFileSourceOf(scope.contextId, group),
        payload: { ...memoryOf(group, words), members } as LedgerRow["payload"],
      };
      const store = makeStore(backend);
      const older = makeStore(backend);
      const before = await older.open();
      await before.saveRows([noteOf("secret"), noteOf("other"), document]);
      await before.close();
      const state = await store.open();
      await erase(state);
      await state.close();
      await migrateState({ from: older, to: store, overwrite: true, clock: systemClock }, signal);
      const joined = await store.open();
      const rows = await joined.getRows(scope, ["secret", "other", group]);
      expect(rows.get("secret")).toMatchObject({ skipReason: "erased", groupKey: null, payload: null });
      expect(rows.get("other")).toMatchObject({ skipReason: "merged", groupKey: group });
      expect(rows.get(group)).toMatchObject({ status: "discovered", payload: null, contentHash: null });
      await joined.close();
      expect(filesWith(store.path, words)).toEqual([]);
    });

    test("nothing of its text is left in any file of the state, and the list does not tell its id", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const other = await store.open({ readOnly: true });
      await state.saveRows([pendingRow({ memoryId: "secret" }, words)]);
      await state.expunge();
      expect(filesWith(store.path, words)).not.toEqual([]);
      await erase(state);
      expect(filesWith(store.path, words)).toEqual([]);
      await state.resetConnector(scope.connectorId);
      await state.expunge();
      expect(filesWith(store.path, "secret")).toEqual([]);
      await expectKeptAway(state);
      await other.close();
      await state.close();
    });

    test("nothing of the words that are kept to find it by is left, either: in files, lists, counts and copies", async () => {
      const store = makeStore(backend);
      const state = await store.open({ keepText: 100 });
      const facets = { place: ["Zanzibar"], tags: ["zeppelin"], people: ["Zenobia"] };
      const text = "the xylophone of Zenobia";
      const location = { lat: -6.16, lon: 39.19 };
      await state.saveRows([{ ...processedRow({ memoryId: "secret" }), facets, text, location }]);
      await state.expunge();
      const asked = { connectorId: scope.connectorId, words: ["xylophone"] };
      expect((await state.searchMemories(asked, { limit: 5 })).rows).toHaveLength(1);
      await erase(state);
      expect((await state.searchMemories(asked, { limit: 5 })).rows).toEqual([]);
      for (const kind of ["tag", "person", "place", "area"] as const)
        expect(await state.pageFacets(scope.connectorId, { kind, limit: 5 })).toEqual([]);
      for (const word of ["xylophone", "Zanzibar", "zeppelin", "Zenobia", "zenobia", "39.19"])
        expect(filesWith(store.path, word), word).toEqual([]);
      if (backend === "sqlite") expect(termsIn(store.path)).toEqual([]);
      const file = join(temporaryFolder(), "archive");
      await exportArchive(
        { state: store, file, force: false, connectorId: null, extras: noExtras(), clock: systemClock },
        signal,
      );
      expect(gunzipSync(readFileSync(file)).toString()).not.toMatch(/xylophone|zanzibar|zeppelin|zenobia/iu);
    });

    test("a transcript that was delivered is not readable any more once the process has ended", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const ids = Array.from({ length: 300 }, (_, at) => `m${at}`);
      let rows = await state.saveRows(
        ids.map((memoryId) => pendingRow({ memoryId }, `${words} ${memoryId} `.repeat(40))),
      );
      for (const event of [
        { type: "submit", documentId: "d", contentHash: "c" },
        { type: "proved", documentId: "d" },
      ] as const)
        rows = await state.saveRows(rows.map((row) => applyEvent(row, event, 9)));
      await state.close();
      expect(filesWith(store.path, words)).toEqual([]);
    });
  });
}

async function* noExtras(): AsyncGenerator<never> {}
