import { randomBytes } from "node:crypto";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openState } from "../../src/state/open-state.ts";
import { openPool } from "../../src/state/postgres/open-pool.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { schemaIn } from "../../src/state/state-place.ts";
import { callApi } from "../support/api-client.ts";
import { ended, startCli } from "../support/cli.ts";
import { postgresPrograms, startPostgres } from "../support/postgres-cluster.ts";
import { eventually, makeWorld, startService } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const server = process.env.TEST_POSTGRES_URL;
const memories = 80;

/** A world whose state is in a schema of its own, seen from here, and a second folder with its configuration, as on another machine. */
async function makeSharedWorld(schedule: string, at = server) {
  const world = await makeWorld(memories);
  const path = `${at}?schema=test_${randomBytes(6).toString("hex")}`;
  world.lightrag.options.processingMs = 100;
  const connector = `{ id: one, context_id: CTX, ingestion: { query_range: all }, schedule: ${schedule} }`;
  world.configure(`connectors: [${connector}]\nstate: { url: "${path}" }`);
  const other = temporaryFolder();
  copyFileSync(join(world.folder, "config.yaml"), join(other, "config.yaml"));
  const seen = async <T>(look: (state: StateManager) => Promise<T>): Promise<T> => {
    const state = await openState({ backend: "postgres", path, readOnly: true });
    try {
      return await look(state);
    } finally {
      await state.close();
    }
  };
  const isAtWork = () => eventually(() => world.lightrag.documents().length > 3);
  const isDone = async () => {
    const { processed } = await seen((state) => state.countRows("one"));
    return processed === memories;
  };
  return { ...world, other, path, seen, isAtWork, isDone };
}

/** What people do, or time: a statement in the schema of the state. */
async function meddle(path: string, sql: (schema: string) => string): Promise<void> {
  const pool = await openPool(path, null);
  const connection = await pool.connect();
  await connection.query(sql(schemaIn(path)));
  connection.release();
  await pool.end();
}

describe.skipIf(server === undefined)("services that share a database", () => {
  test("the one that works is killed, the other goes on where it stopped, and every memory is delivered once", async () => {
    const { folder, other, lightrag, seen, isAtWork, isDone } = await makeSharedWorld(
      "{ type: interval, every: 1s }",
    );
    lightrag.options.processingMs = 3_000;
    const services = [await startService(folder), await startService(other)];
    expect((await seen((state) => state.schedulers())).length).toBe(2);
    await isAtWork();
    const holder = await eventually(async () => (await seen((state) => state.holderOf("one")))?.name);
    const [killed] = services.filter(({ child }) => holder.startsWith(`process ${child.pid} `));
    killed?.child.kill("SIGKILL");
    expect(await isDone(), "it was not over yet").toBe(false);
    lightrag.options.processingMs = 0;
    await eventually(isDone);
    const left = services.filter((service) => service !== killed);
    expect(left.length).toBe(1);
    expect((await seen((state) => state.schedulers())).map(({ name }) => name)).toEqual([
      expect.stringContaining(`process ${left[0]?.child.pid} `),
    ]);
    expect(new Set(lightrag.documents().map(({ file_path: name }) => name)).size).toBe(memories);
    expect(lightrag.documents().length).toBe(memories);
    expect((await left[0]?.stop())?.code).toBe(0);
  });

  test("a process that was asleep for longer than its lease ends with a code when it wakes, and has changed nothing", async () => {
    const { folder, other, lightrag, path, isAtWork, isDone } = await makeSharedWorld("{ type: manual }");
    const asleep = startCli(["sync"], folder);
    onTestFinished(() => void asleep.kill("SIGKILL"));
    const answer = ended(asleep);
    await isAtWork();
    asleep.kill("SIGSTOP");
    expect(await ended(startCli(["sync"], other))).toMatchObject({
      code: 1,
      err: expect.stringContaining("CONNECTOR_LOCKED"),
    });
    await meddle(path, (schema) => `UPDATE ${schema}.process SET seen_at = now() - interval '31 seconds'`);
    expect(await ended(startCli(["sync"], other))).toMatchObject({ code: 0 });
    expect(await isDone()).toBe(true);
    asleep.kill("SIGCONT");
    const woken = await answer;
    expect([woken.code, woken.out + woken.err]).toEqual([1, expect.stringContaining("CONNECTOR_LEASE_LOST")]);
    expect(await isDone()).toBe(true);
    expect(lightrag.documents().length).toBe(memories);
  });

  test("a service beside one of the next version is refused with a code in the middle of its work, and goes on where it was when that is taken back", async () => {
    const { folder, other, lightrag, path, isAtWork, isDone } = await makeSharedWorld(
      "{ type: interval, every: 2s }",
    );
    const service = await startService(folder);
    await isAtWork();
    const versionBy = (change: number) =>
      meddle(
        path,
        (schema) =>
          `UPDATE ${schema}.meta SET content = (content::int + ${change})::text WHERE key = 'version'`,
      );
    await versionBy(+1);
    await service.says("STATE_TOO_NEW");
    const delivered = lightrag.documents().length;
    const refused = await ended(startCli(["serve", "--scheduler-only"], other));
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("STATE_TOO_NEW")]);
    expect(delivered).toBeLessThan(memories);
    await versionBy(-1);
    await eventually(isDone);
    expect(lightrag.documents().length).toBe(memories);
    expect((await service.stop()).code).toBe(0);
  });

  test("a server that is killed and comes back in the middle of a run is waited for, and nothing is lost or doubled", async () => {
    const cluster = await startPostgres(postgresPrograms() ?? "");
    onTestFinished(() => cluster.remove());
    const { folder, lightrag, isAtWork, isDone } = await makeSharedWorld("{ type: manual }", cluster.url);
    const sync = ended(startCli(["sync"], folder));
    await isAtWork();
    for (const mode of ["immediate", "fast"] as const) {
      cluster.stop(mode);
      cluster.start();
    }
    expect(await sync).toMatchObject({ code: 0 });
    expect(await isDone()).toBe(true);
    expect(lightrag.documents().length).toBe(memories);
  });

  test("a folder of direct mode has one writer: runs that the other service takes are given to that one, and a question to the other is answered with who has it", async () => {
    const { folder, other, configure, path, seen } = await makeSharedWorld("{ type: manual }");
    const graph = join(folder, "lightrag");
    configure(
      `connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all }, schedule: { type: manual } }]\nstate: { url: "${path}" }`,
      { lightrag: `{ mode: direct, direct: { working_dir: "${graph}" } }` },
    );
    copyFileSync(join(folder, "config.yaml"), join(other, "config.yaml"));
    const writer = await startService(folder);
    // Its run is over a moment before its connector is free for the next.
    const trigger = (service: { url(what: string): string }) =>
      eventually(async () => {
        const { status, body } = await callApi(service.url("api"), "POST", "/connectors/one/trigger");
        return status === 202 && (body.runId as string);
      });
    const endOf = (runId: string) =>
      eventually(async () => {
        const run = await seen((state) => state.getRun(runId));
        return run?.endedAt == null ? undefined : run;
      });
    expect(await endOf(await trigger(writer))).toMatchObject({ outcome: "success" });
    const idle = await startService(other);
    for (let times = 0; times < 3; times += 1)
      expect(await endOf(await trigger(idle))).toMatchObject({ outcome: "success", errors: [] });
    const { status, body } = await callApi(idle.url("api"), "GET", "/graph?connectorId=one");
    expect([status, body]).toEqual([503, expect.objectContaining({ code: "DIRECT_FOLDER_LOCKED" })]);
    expect(JSON.stringify(body)).toContain(`process ${writer.child.pid} on `);
  });
});
