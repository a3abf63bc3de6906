import { defineConfig } from "vitest/config";

/** What a mutant of `sync`, `memory` or `lightrag/api` is shown to: suites that need no process of their own, quick ones first of all. */
export default defineConfig({
  test: {
    include: [
      "src/{sync,memory,lightrag,http}/**/*.test.ts",
      "test/integration/{sync,lightrag-api,memory-api,a-list,absence,removals,what-comes-late,source}-*.test.ts",
      "test/contract/memory-source.test.ts",
    ],
    exclude: ["src/lightrag/direct/**"],
    testTimeout: 60_000,
  },
});
