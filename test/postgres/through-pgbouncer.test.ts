import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openState } from "../../src/state/open-state.ts";
import { openPool } from "../../src/state/postgres/open-pool.ts";
import { ended, startCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { type PoolMode, pgbouncerProgram, startPgbouncer } from "../support/pgbouncer.ts";
import { cliJson, eventually, makeWorld } from "../support/service.ts";
import { expectOneStory, expectOneWill, startTelling } from "../support/services-that-tell.ts";

const server = process.env.TEST_POSTGRES_URL;
const program = server === undefined ? null : pgbouncerProgram();
if (server !== undefined && program === null)
  console.log("no PgBouncer here, its tests are skipped: apt-get install pgbouncer");

const before = 12;
const more = 60;

/** In session mode each connection of a service is one of the server; in transaction mode fewer than a service has are enough for three. */
const modes: readonly { mode: PoolMode; poolSize: number; notifications: "ok" | "warning" }[] = [
  { mode: "session", poolSize: 24, notifications: "ok" },
  { mode: "transaction", poolSize: 4, notifications: "warning" },
];

describe.skipIf(program === null)("three services through PgBouncer", () => {
  test.each(modes)(
    "in $mode mode they tell one story and have one will, one that is killed is replaced, and nothing is lost or doubled",
    async ({ mode, poolSize, notifications }) => {
      const pooled = await startPgbouncer(program ?? "", server ?? "", { mode, poolSize });
      const path = `${pooled}?schema=test_${randomBytes(6).toString("hex")}`;
      const world = await startTelling([[], [], []], `state: { url: "${path}" }`, true);
      const { folder, lightrag, memoryApi, services, apis, call } = world;
      await expectOneStory(world);
      await expectOneWill(world);

      const found = (await cliJson(folder, "check")).database;
      expect(found).toEqual([
        expect.objectContaining({
          level: notifications,
          message: expect.stringContaining(notifications === "ok" ? "PostgreSQL" : "notifications"),
        }),
      ]);

      const later = makeApiMemories(more, Date.now()).map((each) => ({ ...each, id: `later-${each.id}` }));
      memoryApi.put("CTX", ...later);
      lightrag.options.processingMs = 2_000;
      expect((await call(apis[1] ?? "", "POST", "/connectors/one/trigger")).status).toBe(202);
      await eventually(() => lightrag.documents().length > before + 3);
      const state = await openState({ backend: "postgres", path, readOnly: true });
      const holder = (await state.holderOf("one"))?.name ?? "";
      const killed = services.find(({ child }) => holder.startsWith(`process ${child.pid} `));
      expect(killed?.child.kill("SIGKILL")).toBe(true);
      expect((await state.countRows("one")).processed).toBeLessThan(before + more);
      lightrag.options.processingMs = 0;
      await eventually(async () => (await state.countRows("one")).processed === before + more);
      await state.close();
      expect(lightrag.documents().length).toBe(before + more);
      for (const service of services) if (service !== killed) expect((await service.stop()).code).toBe(0);
    },
  );

  test("a pool that is too small for session mode is told as that, instead of a service that never starts", async () => {
    const pooled = await startPgbouncer(program ?? "", server ?? "", { mode: "session", poolSize: 1 });
    const { folder, configure } = await makeWorld(1);
    configure(`connectors: [{ id: one, context_id: CTX }]\nstate: { url: "${pooled}" }`);
    const taken = await openPool(pooled, null);
    const only = await taken.connect();
    const { code, err } = await ended(startCli(["serve"], folder));
    only.release();
    await taken.end();
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/STATE_READ_FAILED: .*not answered within 10 s · a pooler has/u),
    ]);
  });
});
