/**
 * Loaded into a measured process before anything else: leaves its peak memory, in kB, in a file when it ends. JavaScript, so that it costs next to
 * nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";

process.on("exit", () => {
  writeFileSync(process.env.BENCH_PEAK_FILE, String(peakKb()));
});

/** The figure of `resourceUsage` begins, on Linux, with what the process held that started this one. */
function peakKb() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/mu.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
