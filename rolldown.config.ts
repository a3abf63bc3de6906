import { defineConfig } from "rolldown";
import manifest from "./package.json" with { type: "json" };
import { nameThirdParties } from "./scripts/build/third-parties.ts";

/**
 * What is a dependency of the package is installed with it; everything else that the source imports is in the bundle, because every
 * command loads it, or because the package is many times as large as what is used of it (docs/decisions/081, 253).
 */
const installed = Object.keys(manifest.dependencies);

/** node-postgres asks for them where it runs on another platform, or with a driver in C that somebody has installed. */
const leftOut = ["pg-native", "pg-cloudflare"];
const isInstalled = (id: string) => installed.some((name) => id === name || id.startsWith(`${name}/`));

/** The installed command. All files lie side by side in `dist/`, so that a worker is found beside whoever starts it. */
export default defineConfig({
  input: {
    main: "src/main.ts",
    "command-thread": "src/cli/process/command-thread.ts",
    "copy-worker": "src/state/sqlite/copy-worker.ts",
    "embedding-worker": "src/sinks/lightrag/embedded/models/local/embedding-worker.ts",
  },
  platform: "node",
  external: (id) => id.startsWith("node:") || leftOut.includes(id) || isInstalled(id),
  plugins: [nameThirdParties()],
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    comments: { legal: true, jsdoc: false, annotation: false },
    // Names stay, for stack traces in bug reports; white space is a seventh of the bundle.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  },
});
