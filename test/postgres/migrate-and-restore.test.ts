import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { exportArchive } from "../../src/operations/backup/export-archive.ts";
import { migrateState } from "../../src/operations/backup/migrate-state.ts";
import { restoreArchive } from "../../src/operations/backup/restore-archive.ts";
import { openState, type StatePlace } from "../../src/state/open-state.ts";
import { runCli } from "../support/cli.ts";
import { contentOf, fillState } from "../support/filled-state.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const server = process.env.TEST_POSTGRES_URL;
const signal = new AbortController().signal;

const database = (): StatePlace => ({
  backend: "postgres",
  path: `${server}?schema=test_${randomBytes(6).toString("hex")}`,
});
const file = (backend: "json" | "sqlite"): StatePlace => ({
  backend,
  path: join(temporaryFolder(), "state"),
});
const migrate = (from: StatePlace, to: StatePlace, overwrite = false) =>
  migrateState({ from, to, overwrite, clock: systemClock }, signal);
const missing = expect.objectContaining({ code: "STATE_MISSING" });

describe.skipIf(server === undefined)("a state that moves", () => {
  test.each(["json", "sqlite"] as const)(
    "from %s into a database and back everything is equal, and the source stays as it was",
    async (backend) => {
      const [first, second, third, fourth] = [file(backend), database(), database(), file(backend)];
      await fillState(first, 1200);
      const content = await contentOf(first);
      const bytes = readFileSync(first.path);
      const rows = content.filter(({ section }) => section === "ledger").length;
      expect(rows).toBeGreaterThan(1200);
      expect(await migrate(first, second)).toMatchObject({ counts: { ledger: rows, runs: 2 }, keptAs: null });
      await migrate(second, third);
      await migrate(third, fourth);
      expect(await contentOf(second)).toEqual(content);
      expect(await contentOf(fourth)).toEqual(content);
      expect(readFileSync(first.path).equals(bytes)).toBe(true);
    },
  );

  test("what a migrated database is asked is answered as by the file, from its counts and indexes too", async () => {
    const [from, to] = [file("sqlite"), database()];
    await fillState(from, 300);
    await migrate(from, to);
    const answers = async (place: StatePlace) => {
      const state = await openState({ ...place, readOnly: true });
      const span = { from: 0, to: Number.MAX_SAFE_INTEGER };
      const query = { connectorId: "notes" };
      const answer = [
        await state.countRows("notes"),
        await state.countInSpan(query, span),
        await state.pageFacets("notes", { kind: "tag", limit: 50 }),
        (await state.searchMemories({ ...query, facets: [{ kind: "tag", key: "one" }] }, { limit: 500 }))
          .rows,
      ];
      await state.close();
      return answer;
    };
    expect(await answers(to)).toEqual(await answers(from));
  });

  test("while somebody has it open, a database is neither copied nor replaced", async () => {
    const [from, to] = [database(), file("sqlite")];
    await fillState(from, 2);
    const state = await openState(from);
    await expect(migrate(from, to)).rejects.toMatchObject({
      code: "STATE_LOCKED",
      message: expect.stringContaining(`process ${process.pid} `),
    });
    await fillState(to, 3);
    await expect(migrate(to, from, true)).rejects.toMatchObject({ code: "STATE_LOCKED" });
    await state.close();
    await migrate(to, from, true);
  });

  test("a full database is replaced only when that is asked for, and is kept under a name that opens", async () => {
    const [from, to] = [file("json"), database()];
    await fillState(from, 5);
    await fillState(to, 9);
    const before = await contentOf(to);
    await expect(migrate(from, to)).rejects.toMatchObject({ code: "STATE_NOT_EMPTY" });
    expect(await contentOf(to)).toEqual(before);
    const { keptAs } = await migrate(from, to, true);
    expect(keptAs).toMatch(/\?schema=test_[0-9a-f]{12}_replaced_\d{17}$/u);
    expect(await contentOf({ backend: "postgres", path: String(keptAs) })).toEqual(before);
    expect(await contentOf(to)).toEqual(await contentOf(from));
  });

  test("a migration that is broken off leaves nothing, and one into an opened but empty database is no replacement", async () => {
    const [from, to] = [file("sqlite"), database()];
    await fillState(from, 1600);
    const broken = migrateState({ from, to, overwrite: false, clock: systemClock }, AbortSignal.abort());
    await expect(broken).rejects.toMatchObject({ name: "AbortError" });
    await expect(contentOf(to)).rejects.toEqual(missing);
    await (await openState(to)).close();
    expect(await migrate(from, to)).toMatchObject({ keptAs: null });
    expect(await contentOf(to)).toEqual(await contentOf(from));
  });

  test("an export of a database that is written to is restored into a file and into another database, and what was erased there since stays erased", async () => {
    const [from, to] = [database(), database()];
    await fillState(from, 20);
    const archive = join(temporaryFolder(), "all.tar.gz");
    const writing = await openState(from);
    await exportArchive(
      { state: from, file: archive, force: false, connectorId: null, extras: nothing(), clock: systemClock },
      signal,
    );
    await writing.close();
    const erasing = await openState(to);
    await erasing.erasures.add({ connectorId: "notes", contextId: "ctx-1", memoryId: "m1" }, 9);
    await erasing.close();
    for (const state of [to, file("sqlite")])
      await restoreArchive({ file: archive, state, overwrite: true, clock: systemClock }, signal);
    const state = await openState({ ...to, readOnly: true });
    expect(await state.erasures.listed({ connectorId: "notes", contextId: "ctx-1" }, ["m1", "m2"])).toEqual(
      new Set(["m1"]),
    );
    expect(
      (await state.getRows({ connectorId: "notes", contextId: "ctx-1" }, ["m1"])).get("m1")?.skipReason,
    ).toBe("erased");
    await state.close();
  });

  test("on the command line a URL names it, the configured password is not asked for twice, and the answer says how to go on", async () => {
    const folder = temporaryFolder();
    const { path } = database();
    const url = new URL(path);
    url.password = "hidden-in-the-url";
    const configure = (state: object) =>
      writeFileSync(
        join(folder, "config.yaml"),
        JSON.stringify({
          memory_api: { url: "http://127.0.0.1:1" },
          connectors: [{ id: "notes", context_id: "c" }],
          state,
        }),
      );
    configure({ path: "./state.db" });
    await fillState({ backend: "sqlite", path: join(folder, "state.db") }, 7);
    const type = (...words: string[]) => runCli(words, { cwd: folder });
    const memories = (await type("memories", "--json")).out;
    const moved = await type("state", "migrate", "--to", url.href);
    expect(moved).toMatchObject({
      code: 0,
      out: expect.stringContaining(`To use it, set state.url to ${path}`),
    });
    expect(moved.out + moved.err).not.toContain("hidden-in-the-url");
    configure({ url: path });
    expect((await type("memories", "--json")).out).toBe(memories);
    expect(await type("state", "migrate", "--to", "sqlite")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--to sqlite --path memory_sync_state.db"),
    });
    expect(await type("state", "migrate", "--to", "sqlite", "--path", "back.db")).toMatchObject({ code: 0 });
    configure({ path: "./back.db" });
    expect((await type("memories", "--json")).out).toBe(memories);
  });
});

async function* nothing(): AsyncGenerator<never> {}
