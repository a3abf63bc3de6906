import { defineConfig } from "vitest/config";

/**
 * What a mutant of `sync`, `sources` or `sinks/lightrag/server` is shown to: unit tests, which take milliseconds and share one worker. Those that
 * measure time, or try thousands of inputs, would be run for every mutant that nothing else finds.
 */
export default defineConfig({
  test: {
    include: ["src/{sync,sources,sinks/lightrag/server}/**/*.test.ts"],
    exclude: ["src/**/*.{cost,properties}.test.ts"],
    isolate: false,
    testTimeout: 10_000,
  },
});
