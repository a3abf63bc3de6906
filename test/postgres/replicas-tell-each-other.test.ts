import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { channelOf } from "../../src/state/postgres/bell.ts";
import { openPool } from "../../src/state/postgres/open-pool.ts";
import { expectOneStory, expectOneWill, startTelling } from "../support/services-that-tell.ts";

const server = process.env.TEST_POSTGRES_URL;

async function startReplicas(count: number) {
  const schema = `test_${randomBytes(6).toString("hex")}`;
  const none = Array.from({ length: count }, () => []);
  const world = await startTelling(none, `state: { url: "${server}?schema=${schema}" }`, true);
  return { ...world, schema };
}

/** The sockets of a process to the test's server. */
function postgresConnectionsOf(pid: number): number {
  const port = Number(new URL(server ?? "").port)
    .toString(16)
    .toUpperCase()
    .padStart(4, "0");
  const lines = readFileSync(`/proc/${pid}/net/tcp`, "utf8").split("\n").slice(1);
  const inodes = new Set(
    lines
      .map((line) => line.trim().split(/\s+/u))
      .flatMap(([, , to = "", , , , , , , inode = ""]) => (to.endsWith(`:${port}`) ? [inode] : [])),
  );
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkOrNone(`/proc/${pid}/fd/${fd}`));
  return links.filter((link) => inodes.has(/^socket:\[(\d+)\]$/u.exec(link)?.[1] ?? "")).length;
}

function readlinkOrNone(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const pool = await openPool(server ?? "", null);
  const connection = await pool.connect();
  const { rows } = await connection.query(sql);
  connection.release();
  await pool.end();
  return rows;
}

describe.skipIf(server === undefined)("replicas on one database", () => {
  test("readers of every replica hear every event of a run, whichever works on it", async () => {
    const world = await startReplicas(3);
    await expectOneStory(world);
    for (const service of world.services) await service.stop();
  });

  test("a pause, a connector or a key that one of them changes is known in all within a second", async () => {
    const world = await startReplicas(3);
    await expectOneWill(world);
    for (const service of world.services) await service.stop();
  });

  test("a replica has six connections at most, one of which listens, and goes on listening when that one is cut", async () => {
    const world = await startReplicas(2);
    const listening = `SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN ${channelOf(world.schema)}'`;
    const before = await ask(listening);
    expect(before).toHaveLength(2);
    await ask(`SELECT pg_terminate_backend(pid) FROM (${listening}) AS those`);
    await expect.poll(() => ask(listening), { timeout: 20_000 }).toHaveLength(2);
    expect((await ask(listening)).some(({ pid }) => before.some((each) => each.pid === pid))).toBe(false);
    await expectOneStory(world);
    const connections = world.services.map(({ child }) => postgresConnectionsOf(child.pid ?? 0));
    expect(Math.max(...connections)).toBeLessThanOrEqual(6);
    expect(Math.min(...connections)).toBeGreaterThanOrEqual(2);
    for (const service of world.services) await service.stop();
  });
});
