import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openPool } from "../../src/state/postgres/open-pool.ts";
import { runCli } from "../support/cli.ts";
import { startWorld } from "../support/sync-world.ts";

const server = process.env.TEST_POSTGRES_URL;
const password = "a-secret-of-the-database";

/** Memories, a LightRAG, and a state in a schema of its own. */
async function startDatabaseWorld(memories: number) {
  const url = new URL(`${server}?schema=test_${randomBytes(6).toString("hex")}`);
  url.password = password;
  const world = await startWorld({ memories, state: { url: url.href } });
  const type = (...words: string[]) => runCli(words, { cwd: world.folder });
  return { ...world, type };
}

/** A statement of whoever the server belongs to. */
async function asServer(sql: string): Promise<void> {
  const pool = await openPool(server ?? "", null);
  const connection = await pool.connect();
  await connection.query(sql);
  connection.release();
  await pool.end();
}

describe.skipIf(server === undefined)("a state in PostgreSQL", () => {
  test("a connector syncs, is looked at and starts anew, as with a file, and leaves none beside the configuration", async () => {
    const { type, folder, sink, change } = await startDatabaseWorld(30);
    expect(await type("status")).toMatchObject({ code: 0 });
    expect(await type("sync")).toMatchObject({ code: 0 });
    const { out } = await type("status", "--json");
    expect(JSON.parse(out)).toMatchObject({ connectors: [{ id: "c", memories: { processed: 30 } }] });
    await change(3);
    expect(await type("sync")).toMatchObject({ code: 0 });
    expect(sink.documents().length).toBe(30);
    expect((await type("memories", "--json")).out).toContain('"memoryId": "m1"');
    expect(await type("reset", "c", "--yes")).toMatchObject({ code: 0 });
    expect(await type("sync")).toMatchObject({ code: 0 });
    expect(sink.documents().length).toBe(30);
    expect((await type("audit", "verify")).code).toBe(0);
    expect(await type("doctor")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ok +database +PostgreSQL \d+\.\d+, \d+ of 60 connections in use/u),
    });
    expect(readdirSync(folder)).toEqual(["config.yaml"]);
  });

  test("check looks at the database as doctor does: what is wrong with the server is told with what helps", async () => {
    const { type, configure } = await startDatabaseWorld(1);
    const { code, out } = await type("check");
    expect([code, out]).toEqual([0, expect.stringMatching(/^ok +database +PostgreSQL \d+\.\d+, /mu)]);
    const reader = `reader_${randomBytes(4).toString("hex")}`;
    await asServer(`CREATE ROLE ${reader} LOGIN`);
    const url = new URL(`${server}?schema=test_${randomBytes(6).toString("hex")}`);
    url.username = reader;
    configure({ state: { url: url.href } });
    const refused = await type("check");
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringMatching(/^FAIL +database +PostgreSQL .* does not let this user change the state · /mu),
    ]);
    const { ok, checks, database } = JSON.parse((await type("check", "--json")).out);
    expect([ok, checks.every((each: { ok: boolean }) => each.ok)]).toEqual([false, true]);
    const doctor = JSON.parse((await type("doctor", "--json")).out);
    const asDoctor = doctor.diagnoses.filter(({ area }: { area: string }) => area === "database");
    expect(database).toEqual(asDoctor);
    await asServer(`DROP ROLE ${reader}`);
  });

  test("the password is shown nowhere", async () => {
    const { type, configure } = await startDatabaseWorld(1);
    const url = "postgres://connector@127.0.0.1:1/memories";
    const shown: string[] = [];
    const look = async (...words: string[]) => {
      const { code, out, err } = await type(...words);
      shown.push(out + err);
      return { code, err };
    };
    await look("config", "show");
    await look("doctor");
    await look("status");
    configure({ state: { url: url.replace("@", `:${password}@`) } });
    expect(await look("status")).toMatchObject({
      code: 1,
      err: expect.stringContaining("STATE_READ_FAILED"),
    });
    configure({ state: { url, password } });
    await look("config", "show");
    await look("sync");
    expect(shown.join("\n")).not.toContain(password);
    expect(shown.join("\n")).toContain("127.0.0.1:1/memories");
  });

  test("a copy of the file says that there is none, and how one is made", async () => {
    const { type } = await startDatabaseWorld(2);
    expect(await type("sync")).toMatchObject({ code: 0 });
    const { code, err } = await type("backup", "copy.db");
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^STATE_NOT_A_FILE: .*`pg_dump -Fc -f state.dump -n test_/u),
    ]);
  });
});
