import { spawn } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const wayNames = ["cron-curl", "scan-folder", "upload-loop", "memory-connector"] as const;
export type WayName = (typeof wayNames)[number];

/** One way to bring memories into LightRAG. */
export interface Way {
  title: string;
  /** What its user writes and keeps, in the folder `ways`. */
  file: string;
  /** The command of one run. */
  command: readonly string[];
  /** What is copied into the working folder before the first run, under which name. */
  copy?: string;
}

const folder = join(import.meta.dirname, "ways");
const builtMain = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const sourceMain = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** `built`: memory-connector as users have it, which starts faster than its source. */
export function waysOf({ built }: { built: boolean }): Readonly<Record<WayName, Way>> {
  const script = (file: string, title: string, program: string): Way => ({
    title,
    file,
    command: [program, join(folder, file)],
  });
  return {
    "cron-curl": script("cron-curl.sh", "cron script with curl", "bash"),
    "scan-folder": script("scan-folder.sh", "LightRAG's scan folder", "bash"),
    "upload-loop": script("upload-loop.py", "hand-made loop", "python3"),
    "memory-connector": {
      title: "memory-connector",
      file: "memory-connector.yaml",
      command: [
        process.execPath,
        "--disable-warning=ExperimentalWarning",
        built ? builtMain : sourceMain,
        "sync",
      ],
      copy: "config.yaml",
    },
  };
}

/** Lines that say something: no comment, no empty one. */
export function linesOf({ file }: Way): number {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "" && !line.trim().startsWith("#")).length;
}

export function prepareFolder(way: Way, workingFolder: string): void {
  if (way.copy !== undefined) copyFileSync(join(folder, way.file), join(workingFolder, way.copy));
}

export interface RunEnd {
  /** Null: it was killed. */
  exit: number | null;
  output: string;
  seconds: number;
}

export interface StartedRun {
  readonly ended: Promise<RunEnd>;
  hasEnded(): boolean;
  /** Kills it and everything that it has started. */
  kill(): void;
}

const longestRunMs = 240_000;

/** Starts one run; one that takes longer than four minutes is killed. */
export function startRun(way: Way, cwd: string, environment: Readonly<Record<string, string>>): StartedRun {
  const [program = "", ...args] = way.command;
  const env = { PATH: process.env.PATH ?? "", HOME: cwd, ...environment };
  const startedAt = performance.now();
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let over = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const kill = () => {
    if (!over && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const timer = setTimeout(kill, longestRunMs);
  process.once("exit", kill);
  const ended = new Promise<RunEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit) => {
      over = true;
      clearTimeout(timer);
      process.off("exit", kill);
      resolve({ exit, output, seconds: (performance.now() - startedAt) / 1000 });
    });
  });
  return { ended, hasEnded: () => over, kill };
}
