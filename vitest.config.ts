import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** On a shared machine in CI a real server or process may lose a race against its time-out; a defect fails twice. */
const retry = process.env.CI === undefined ? 0 : 1;

/** Suites by cost: `unit` lies beside the code, the others live in test/ and cross folders. */
export default defineConfig({
  test: {
    // Most tests that cross folders wait for processes and servers two thirds of their time.
    maxWorkers: 2 * availableParallelism(),
    globalSetup: ["test/support/own-temporary-folder.ts"],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts"],
      reporter: ["text-summary", "json-summary", "html"],
      thresholds: { lines: 90 },
    },
    projects: [
      // On a busy machine the import of a file alone may take seconds; a test that hangs is ended all the same.
      {
        extends: true,
        test: {
          name: "unit",
          retry,
          include: ["{src,web}/**/*.test.ts"],
          testTimeout: 60_000,
          // A third of the time of these small files would go into loading the same modules anew for each.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          retry,
          include: ["test/{contract,integration,e2e,fuzz}/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "fuzz",
          include: ["test/fuzz/**/*.test.ts"],
          // FUZZ_SEED names the inputs, FUZZ_RUNS how many (test/fuzz/support/fuzz.ts).
          env: { FUZZ_RUNS: process.env.FUZZ_RUNS ?? "100000" },
        },
      },
      {
        extends: true,
        test: {
          name: "lightrag",
          retry,
          include: ["test/lightrag/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "api",
          retry,
          include: ["test/api/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          retry,
          include: ["test/package/**/*.test.ts"],
          globalSetup: ["test/package/support/packages.ts"],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "deploy",
          retry,
          include: ["test/deploy/**/*.test.ts"],
          testTimeout: 180_000,
          // The first run on a machine compiles helm.
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "site",
          retry,
          include: ["test/site/**/*.test.ts"],
          testTimeout: 60_000,
          // The first run on a machine installs what builds it.
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "web",
          retry,
          include: ["test/web/**/*.test.ts"],
          globalSetup: ["test/web/support/program.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "sources",
          retry,
          include: ["test/sources/**/*.test.ts"],
          testTimeout: 900_000,
          // The first run on a machine installs and compiles the programs.
          hookTimeout: 1_200_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "postgres",
          retry,
          include: ["test/postgres/**/*.test.ts"],
          globalSetup: ["test/support/postgres-server.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          retry,
          include: ["test/faults/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
