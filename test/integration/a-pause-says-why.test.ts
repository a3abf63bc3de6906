import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { cliJson, makeWorld, startService } from "../support/service.ts";

const connectors = "connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1h } }]";

test("a pause says why wherever it is shown, until it is resumed", async () => {
  const { folder, configure } = await makeWorld(1);
  configure(connectors);
  const service = await startService(folder);
  const api = service.url("api");
  const typed = (...args: string[]) => runCli([...args, "--url", api], { cwd: folder });
  expect((await typed("pause", "one", "--note", "the model is moved until Monday")).out).toBe(
    '"one" is paused: the model is moved until Monday.\n',
  );
  expect((await runCli(["status"], { cwd: folder })).out).toContain(
    "next run paused: the model is moved until Monday",
  );
  const schedule = await callApi(api, "GET", "/connectors/one/schedule");
  expect(schedule.body).toMatchObject({ pauseNote: "the model is moved until Monday" });
  const { entries } = await cliJson(folder, "audit", "list", "--action", "connector.pause");
  expect(entries[0].after).toEqual({ note: "the model is moved until Monday" });
  await typed("resume", "one");
  expect((await cliJson(folder, "list")).connectors[0]).toMatchObject({ pausedAt: null, pauseNote: null });
  await service.stop();
});

test("a note that is no line of words is refused at both doors, and nothing is paused", async () => {
  const { folder, configure } = await makeWorld(0);
  configure(connectors);
  const service = await startService(folder);
  const api = service.url("api");
  for (const note of [
    "",
    "  ",
    "moved\nuntil Monday",
    "moves the cursor \u001b[2K",
    "a separator of lines \u2028",
    "turns the writing around \u202Eyadnom",
    "half a character \ud83d",
    "x".repeat(301),
  ]) {
    const refused = await callApi(api, "POST", "/connectors/one/pause", { body: { note } });
    expect([note, refused.body.code]).toEqual([note, "API_REQUEST_INVALID"]);
    const typed = await runCli(["pause", "one", "--note", note, "--url", api], { cwd: folder });
    expect([note, typed.err]).toEqual([note, expect.stringMatching(/^USAGE: .*--note/u)]);
  }
  expect((await callApi(api, "GET", "/connectors/one/schedule")).body.pausedAt).toBeNull();
  await service.stop();
});
