import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { eventually, fromSource, type Program } from "./service.ts";

/** Whether commands can be run on a terminal: that takes Python 3. */
export const hasPty = spawnSync("python3", ["-c", "import pty"]).status === 0;

export interface PtySession {
  /** What the terminal has shown so far. */
  shown(): string;
  /** Resolves once it has shown a text, after what earlier calls waited for. */
  shows(text: string): Promise<void>;
  type(text: string): void;
  /** Resolves to the exit code. */
  ended: Promise<number | null>;
  /** Of the command's process. */
  kill(signal: NodeJS.Signals): void;
}

const session = fileURLToPath(new URL("pty-session.py", import.meta.url));

interface PtyOptions {
  cwd: string;
  columns?: number;
  env?: Record<string, string>;
  /** The real binary from source when left out. */
  program?: Program;
}

/** Starts a program on a terminal of its own. */
export function startOnPty(
  args: readonly string[],
  { cwd, columns = 80, env = {}, program = fromSource }: PtyOptions,
): PtySession {
  const child = spawn("python3", [session, String(columns), ...program, ...args], {
    cwd,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      TERM: "xterm",
      LANG: "C.UTF-8",
      ...env,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  // Where a line ends depends on the width.
  const flat = () => text.replaceAll(/\s+/gu, " ");
  return {
    shown: () => text,
    shows: async (wanted) => {
      await eventually(() => {
        const isShown = flat().includes(wanted, seen);
        if (!isShown && child.exitCode !== null) throw new Error(`it ended: ${text}`);
        return isShown;
      });
      seen = flat().indexOf(wanted, seen) + wanted.length;
    },
    type: (typed) => void child.stdin.write(`${JSON.stringify({ type: typed })}\n`),
    ended: once(child, "close").then(([code]) => code as number | null),
    kill: (signal) => void child.kill(signal),
  };
}
