import { execFile } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { eventually, makeWorld, startService } from "../support/service.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const connector = "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }]";
const everySecond = `connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1s } }]`;
const colour = "\u001b[";

test("a command that ends writes the log file, at the level and in the form that are set", async () => {
  const { folder, configure } = await makeWorld(2);
  configure(`${connector}\nlogging: { file: ./logs/mc.log, level: DEBUG, format: text }`);
  const { code, err } = await ended(startCli(["sync"], folder));
  expect(code).toBe(0);
  const log = readFileSync(join(folder, "logs/mc.log"), "utf8");
  expect(log).toMatch(/ DEBUG +orchestrator {2}phase/u);
  expect(log).toMatch(/ INFO +orchestrator {2}run ended/u);
  expect(log).not.toContain(colour);
  expect(err).not.toContain("orchestrator");
  configure(`${connector}\nlogging: { file: ./quiet.log, level: ERROR }`);
  await ended(startCli(["sync"], folder));
  expect(existsSync(join(folder, "quiet.log"))).toBe(false);
});

test("its console logs where the file says so, in the place of progress", async () => {
  const { folder, configure } = await makeWorld(2);
  configure(`${connector}\nlogging: { console: { enabled: true } }`);
  const { err } = await ended(startCli(["sync"], folder));
  const lines = err.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(
    expect.arrayContaining(["run started", "run ended"]),
  );
});

test("what goes wrong with a command stands in its log file, and no key does", async () => {
  const { folder, configure } = await makeWorld(0);
  configure(`${connector}\nlogging: { file: ./mc.log }`, {
    memory_api: `{ url: "http://127.0.0.1:1", api_key: s3cret-of-the-source, max_retries: 0 }`,
  });
  expect((await ended(startCli(["plan"], folder))).code).toBe(1);
  const log = readFileSync(join(folder, "mc.log"), "utf8");
  expect(log).toContain("SOURCE_UNREACHABLE");
  expect(log).not.toContain("s3cret-of-the-source");
});

test("a log file that cannot be written stops no command", async () => {
  const { folder, configure } = await makeWorld(2);
  configure(`${connector}\nlogging: { file: /dev/full/mc.log }`);
  expect((await ended(startCli(["sync"], folder))).code).toBe(0);
});

test("a service whose log file was moved away goes on in a new one at SIGHUP, also when the folder is gone", async () => {
  const { folder, configure } = await makeWorld(1);
  configure(`${everySecond}\nlogging: { file: ./logs/mc.log }`);
  const service = await startService(folder, "--scheduler-only");
  const log = join(folder, "logs/mc.log");
  const holds = (path: string) => existsSync(path) && readFileSync(path, "utf8").includes("run ended");
  await eventually(() => holds(log));
  renameSync(log, `${log}-1`);
  service.child.kill("SIGHUP");
  await eventually(() => holds(log));
  rmSync(join(folder, "logs"), { recursive: true });
  service.child.kill("SIGHUP");
  service.child.kill("SIGHUP");
  await eventually(() => holds(log));
  expect((await service.stop()).code).toBe(0);
});

/** Runs `serve` until it is ready with a terminal as its standard error; resolves to what the terminal shows. */
function serveOnTerminal(folder: string, env: Record<string, string>): Promise<string> {
  const script = `
import os, pty, signal, sys
pid, fd = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
shown = b""
while True:
    try: part = os.read(fd, 65536)
    except OSError: break
    if not part: break
    before = shown
    shown += part
    if b"run ended" in shown and b"run ended" not in before: os.kill(pid, signal.SIGTERM)
os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)`;
  const args = ["-c", script, process.execPath, main, "serve", "--scheduler-only"];
  const options = { cwd: folder, env: { PATH: process.env.PATH, TERM: "xterm", ...env } };
  return new Promise((resolve, reject) => {
    execFile("python3", args, options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
}

test("the log of a service is coloured on a terminal, and nowhere else", async () => {
  const { folder, configure } = await makeWorld(1);
  configure(`${everySecond}\nlogging: { format: text }`);
  expect(await serveOnTerminal(folder, {})).toContain(`${colour}32mINFO`);
  expect(await serveOnTerminal(folder, { NO_COLOR: "1" })).not.toContain(colour);
  expect(await serveOnTerminal(folder, { TERM: "dumb" })).not.toContain(colour);
  const piped = await startService(folder, "--scheduler-only");
  await piped.says("run ended");
  expect((await piped.stop()).err).not.toContain(colour);
  configure(`${everySecond}\nlogging: { format: text, console: { colorize: false } }`);
  expect(await serveOnTerminal(folder, { FORCE_COLOR: "1" })).not.toContain(colour);
});

test.each([
  [["secrets", "status"]],
  [["audit", "verify"]],
  [["backup", "copy"]],
  [["state", "migrate", "--to", "json"]],
  [["keys", "list"]],
  [["sync"]],
  [["pause", "one"]],
  [["alerts", "test", "nobody"]],
])("what ends `%j` stands in its log file, whatever it had opened by then", async (command) => {
  const { folder, configure } = await makeWorld(0);
  configure(`${connector}\nlogging: { file: ./mc.log }\nstate: { path: ./state.db }`, {
    api: "{ port: 1 }",
  });
  writeFileSync(join(folder, "state.db"), "no database at all".repeat(100));
  const { code, err } = await ended(startCli(command, folder));
  expect(code).not.toBe(0);
  const last = readFileSync(join(folder, "mc.log"), "utf8").trim().split("\n");
  expect(last).toHaveLength(1);
  expect(err).toContain(JSON.parse(last[0] ?? "").code);
});
