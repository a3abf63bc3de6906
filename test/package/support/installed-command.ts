import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { onTestFinished } from "vitest";
import { type CliAnswer, ended } from "../../support/cli.ts";
import { eventually } from "../../support/service.ts";

/** With the Node of this test first, as on a machine that has the right one. */
export const environment = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: "/nonexistent" };

/** Runs an installed command in a folder, to its end. */
export function run(command: string, folder: string, ...args: string[]): Promise<CliAnswer> {
  return ended(spawn(command, args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] }));
}

export interface Supervised {
  /** Everything that each start has said on standard error. */
  said(): readonly string[];
  /** Resolves when the start of this number, from 1, is ready; with the address of its API. */
  ready(start: number): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end and resolves with the exit code of the last start. */
  stop(): Promise<number | null>;
}

/** `serve` under a supervisor that starts it again whenever it ends with anything but 0, as `Restart=on-failure` does. */
export function supervise(command: string, folder: string, ...args: string[]): Supervised {
  const said: string[] = [];
  let child = start();
  let end: (code: number | null) => void;
  const over = new Promise<number | null>((resolve) => {
    end = resolve;
  });
  let isStopping = false;

  function start() {
    const started = spawn(command, ["serve", ...args], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const number = said.push("") - 1;
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      said[number] += text;
    });
    started.once("close", (code) => {
      if (code === 0 || isStopping) end(code);
      else child = start();
    });
    return started;
  }

  onTestFinished(() => {
    isStopping = true;
    child.kill("SIGKILL");
  });
  return {
    said: () => said,
    ready: async (number) => {
      await eventually(() => /^ready$/mu.test(said[number - 1] ?? ""));
      return /^api +(\S+)$/mu.exec(said[number - 1] ?? "")?.[1] ?? "";
    },
    kill: (signal) => void child.kill(signal),
    stop: () => {
      isStopping = true;
      child.kill("SIGTERM");
      return over;
    },
  };
}
