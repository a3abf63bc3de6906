import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const builtMain = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const reportPeak = fileURLToPath(new URL("report-peak.mjs", import.meta.url));

export interface MeasuredRun<Answer = unknown> {
  ms: number;
  /** Peak resident memory. */
  peakMb: number;
  /** What it printed, as JSON. */
  json: Answer;
}

/** Runs the compiled command line, as users have it. */
export function runBuiltCli(folder: string, ...args: readonly string[]): Promise<MeasuredRun> {
  return runMeasured(folder, builtMain, ...args, "--json");
}

/** Runs a script in a process of its own, in a folder; fails unless it ends well. */
export async function runMeasured<Answer = unknown>(
  folder: string,
  script: string,
  ...args: readonly string[]
): Promise<MeasuredRun<Answer>> {
  const peakFile = join(folder, "peak.txt");
  const startedAt = performance.now();
  const flags = ["--disable-warning=ExperimentalWarning", "--import", reportPeak];
  const child = spawn(process.execPath, [...flags, script, ...args], {
    cwd: folder,
    env: { ...process.env, BENCH_PEAK_FILE: peakFile },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const [code] = await once(child, "close");
  const ms = performance.now() - startedAt;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return { ms, peakMb: Number(readFileSync(peakFile, "utf8")) / 1024, json: JSON.parse(out) };
}
