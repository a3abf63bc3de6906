import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openSocket, sendRaw, statusIn } from "../support/raw-http.ts";
import { eventually } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const main = new URL("../../src/main.ts", import.meta.url).pathname;

test.skipIf(process.platform !== "linux")(
  "with room for 40 open files the service says how many connections fit, and serves whoever asks",
  async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "config.yaml"),
      'memory_api: { url: "http://127.0.0.1:1" }\nstate: { backend: sqlite, path: ./state.db }\nlogging: { format: json }',
    );
    const command = `ulimit -n 40; exec "${process.execPath}" --disable-warning=ExperimentalWarning "${main}" serve --port 0`;
    const child = spawn("bash", ["-c", command], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        said += text;
      });
    }
    await eventually(() => {
      if (child.exitCode !== null) throw new Error(`the service ended: ${said}`);
      return said.includes("ready\n");
    });
    expect(said).toMatch(/the limit of open files leaves room for \d+ connections/u);
    const url = /^api +(\S+)$/mu.exec(said)?.[1] ?? "";
    for (let opened = 0; opened < 100; opened++) await openSocket(url).catch(() => undefined);
    for (let asked = 0; asked < 10; asked++) {
      const answer = await sendRaw(url, ["GET /health HTTP/1.1", "host: localhost"]);
      expect([statusIn(answer), answer]).toEqual([200, expect.stringContaining('"status":"ok"')]);
    }
    child.kill("SIGTERM");
    expect((await once(child, "exit"))[0]).toBe(0);
  },
);
