import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { builtMain } from "./measured-run.ts";

export const adminKey = "key-of-the-bench";
const reportCpu = fileURLToPath(new URL("report-cpu.mjs", import.meta.url));

/** The compiled `serve`, as users have it, in a process of its own. */
export class BuiltService implements AsyncDisposable {
  readonly url: string;
  readonly headers = { "x-api-key": adminKey };
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** `folder` holds its `config.yaml`. */
  static async start(folder: string): Promise<BuiltService> {
    const child = spawn(process.execPath, ["--import", reportCpu, builtMain, "serve", "--port", "0"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let url = "";
    let said = "";
    if (child.stderr === null) throw new Error("the service has no standard error");
    for await (const line of createInterface({ input: child.stderr })) {
      said += `${line}\n`;
      url = /^api +(\S+)$/u.exec(line)?.[1] ?? url;
      if (line !== "ready") continue;
      child.stderr.resume();
      return new BuiltService(url, child);
    }
    throw new Error(`the service ended before it was ready: ${said}`);
  }

  async call<Answer>(method: string, path: string): Promise<Answer> {
    const answer = await fetch(this.url + path, { method, headers: this.headers });
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}`);
    return (await answer.json()) as Answer;
  }

  /** Processor time that it has used so far. Milliseconds. */
  async cpuMs(): Promise<number> {
    this.#child.send("how much?");
    const [{ user, system }] = (await once(this.#child, "message")) as [NodeJS.CpuUsage];
    return (user + system) / 1000;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    // Twice: a run that is under way is cut short.
    for (let signals = 0; signals < 2; signals++) this.#child.kill("SIGTERM");
    await once(this.#child, "exit");
  }
}
