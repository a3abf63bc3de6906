import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { serve } from "../../src/cli/process/serve.ts";
import { ConfigManager } from "../../src/config/config-manager.ts";
import { makeWorld } from "../support/service.ts";

const hourly = `connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1h } }]`;

const saysReady = (said: readonly string[]) => said.some((piece) => piece.split("\n").includes("ready"));

/** Starts the service in this process and tells it to stop after so many turns of the event loop. Resolves to what it said. */
async function startAndStopAfter(turns: number, folder: string): Promise<string[]> {
  const said: string[] = [];
  const stop = new AbortController();
  const served = serve({
    manager: ConfigManager.load({ path: "config.yaml", environment: {}, workingFolder: folder }),
    serves: { api: true, schedules: true },
    port: 0,
    console: new PassThrough().resume(),
    colours: false,
    env: {},
    signal: stop.signal,
    cutShort: new AbortController().signal,
    onHangUp: (listener) => void (turns % 3 === 0 && listener()),
    endWithin: () => undefined,
    print: (line) => void said.push(line),
  });
  for (let turn = 0; turn < turns && !saysReady(said); turn++) await new Promise(setImmediate);
  const before = said.length;
  stop.abort();
  await served;
  expect(said.slice(before)).toEqual([]);
  return said;
}

test("a signal after any number of turns of the start ends the service, which says nothing more", async () => {
  const { folder, configure } = await makeWorld(0);
  configure(hourly);
  let turns = 0;
  while (!saysReady(await startAndStopAfter(turns, folder))) turns += turns < 20 ? 1 : Math.ceil(turns / 10);
  expect(turns).toBeGreaterThan(3);
});
