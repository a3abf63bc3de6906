/** Loaded into a measured process before anything else: leaves its peak memory in a file when it ends. JavaScript, so that it costs next to nothing. */
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  writeFileSync(process.env.BENCH_PEAK_FILE, String(process.resourceUsage().maxRSS));
});
