import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

test("a second service that schedules on the same state says so in its log, and `status` and `doctor` say it until one is left", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX, schedule: { type: manual } }]");
  const diagnosed = async () =>
    (await cliJson(folder, "doctor", "--offline")).diagnoses.filter(
      ({ area }: { area: string }) => area === "services",
    );
  const schedulers = async () => (await cliJson(folder, "status")).schedulers;
  expect(await schedulers()).toEqual([]);
  const first = await startService(folder);
  const beside = await startService(folder, "--api-only");
  expect(await schedulers()).toEqual([expect.stringContaining(`process ${first.child.pid} `)]);
  expect(await diagnosed()).toEqual([]);
  expect(first.said()).not.toContain("2 services");

  const second = await startService(folder);
  await second.says("2 services run connectors by their schedules on this state");
  expect((await runCli(["status"], { cwd: folder })).out.replaceAll(/\s+/gu, " ")).toMatch(
    new RegExp(
      `2 services run connectors .*process ${first.child.pid} .*process ${second.child.pid} .*stop all but one`,
      "u",
    ),
  );
  expect(await diagnosed()).toMatchObject([
    { level: "warning", fix: expect.stringContaining("serve --api-only") },
  ]);

  first.child.kill("SIGKILL");
  await eventually(async () => (await schedulers()).length === 1);
  expect(await diagnosed()).toEqual([]);
  await second.stop();
  await beside.stop();
  expect(await schedulers()).toEqual([]);
});
