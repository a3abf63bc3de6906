import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

const hourly = `connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1h } }]`;
const spin = new URL("../support/spin.mjs", import.meta.url).href;

/** Had the service been told to stop and become ready all the same, it would never end. */
const readyAfterStop = /stopping[\s\S]*ready\n/u;

test("SIGTERM ends the service at every moment of its start", { timeout: 300_000 }, async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: []");
  let wasReady = false;
  // Closer together where the start is quick; a busy machine shall not need a hundred starts.
  for (let afterMs = 0; !wasReady; afterMs = Math.max(afterMs + 50, afterMs * 1.2)) {
    const child = startCli(["serve", "--port", "0"], folder);
    const answer = ended(child);
    await sleep(afterMs);
    child.kill("SIGTERM");
    const { code, err } = await answer;
    wasReady = err.includes("ready\n");
    // Before its first line the program has begun nothing, and the signal ends it as it ends any program.
    if (err === "" && code === null) expect(child.signalCode).toBe("SIGTERM");
    else expect([afterMs, code]).toEqual([afterMs, 0]);
    expect(err).not.toMatch(readyAfterStop);
  }
});

test.each(["warning: ", "api ", "metrics ", "ready\n"])(
  "SIGINT ends the service as soon as it says %j",
  async (line) => {
    const { folder, configure } = await makeWorld(0);
    configure("connectors: []");
    const child = startCli(["serve", "--port", "0"], folder);
    const answer = ended(child);
    let said = "";
    child.stderr?.on("data", (part: string) => {
      const before = said;
      said += part;
      if (said.includes(line) && !before.includes(line)) child.kill("SIGINT");
    });
    const { code, err } = await answer;
    expect(code).toBe(0);
    expect(err).not.toMatch(readyAfterStop);
  },
);

test("SIGHUP in the start, twice in a row and in the stop is no end and no obstacle", async () => {
  const { folder, lightrag, configure } = await makeWorld(3);
  configure(hourly);
  const child = startCli(["serve", "--scheduler-only"], folder);
  const answer = ended(child);
  const said = once(child.stderr as NodeJS.ReadableStream, "data");
  await said;
  for (let count = 0; count < 3; count++) child.kill("SIGHUP");
  await eventually(() => lightrag.documents().filter(({ status }) => status === "processed").length === 3);
  child.kill("SIGTERM");
  child.kill("SIGHUP");
  child.kill("SIGHUP");
  expect((await answer).code).toBe(0);
});

interface Hanging {
  signals: number;
  rest: string;
}

test.each<[string, Hanging]>([
  ["at the time limit", { signals: 1, rest: "advanced: { shutdown_timeout: 1s }" }],
  ["at the second signal", { signals: 2, rest: "advanced: { shutdown_timeout: 1h }" }],
])(
  "work that burns the processor and never yields is ended %s, and the next start completes it",
  async (_, { signals, rest }) => {
    const { folder, lightrag, configure } = await makeWorld(20);
    configure(`${hourly}\n${rest}`);
    lightrag.options.processingMs = 300;
    const spinFile = join(folder, "spin");
    const child = startCli(["serve", "--scheduler-only"], folder, {
      NODE_OPTIONS: `--import=${spin}`,
      SPIN_FILE: spinFile,
    });
    const answer = ended(child);
    let said = "";
    child.stderr?.on("data", (part: string) => {
      said += part;
    });
    await eventually(() => lightrag.documents().some(({ status }) => status === "processed"));
    writeFileSync(spinFile, "");
    await eventually(() => said.includes("spinning"));
    child.kill("SIGTERM");
    await eventually(() => said.includes("stopping"));
    if (signals > 1) child.kill("SIGTERM");
    const { code, err } = await answer;
    expect(code).toBe(130);
    expect(err).toContain("ended before the work had");
    lightrag.options.processingMs = 0;
    const second = await startService(folder, "--scheduler-only");
    await eventually(async () => (await cliJson(folder, "status")).connectors[0].memories.processed === 20);
    expect((await second.stop()).code).toBe(0);
    expect(lightrag.documents()).toHaveLength(20);
  },
);

test("SIGTERM ends the service that npm runs in a checkout, too", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: []");
  const args = ["run", "-s", "cli", "--", "serve", "--port", "0", "--config", join(folder, "config.yaml")];
  // A group of its own: npm, its shell and the service.
  const npm = spawn("npm", args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => {
    if (npm.pid !== undefined && isAlive(-npm.pid)) process.kill(-npm.pid, "SIGKILL");
  });
  let said = "";
  npm.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  await eventually(() => said.includes("ready\n"));
  npm.kill("SIGTERM");
  await eventually(() => npm.pid !== undefined && !isAlive(-npm.pid));
  expect(said).toContain("stopping");
});

/** A negative id is that of a group. */
function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
