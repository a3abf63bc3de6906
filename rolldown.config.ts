import { defineConfig } from "rolldown";

/**
 * Loaded by every command, or bound to what is: in one file with our own modules they start the command line in half the time
 * (docs/decisions/081). `fastify-type-provider-zod` must see the same zod as the routes do.
 */
const bundled = [
  "zod",
  "commander",
  "yaml",
  "mustache",
  "croner",
  "fastify-type-provider-zod",
  "@fastify/error",
];

const isOurs = (id: string) => id.startsWith(".") || id.startsWith("/");
const isBundled = (id: string) => bundled.some((name) => id === name || id.startsWith(`${name}/`));

/** The installed command. All files lie side by side in `dist/`, so that a worker is found beside whoever starts it. */
export default defineConfig({
  input: {
    main: "src/main.ts",
    "command-thread": "src/cli/process/command-thread.ts",
    "copy-worker": "src/state/sqlite/copy-worker.ts",
  },
  platform: "node",
  external: (id) => !isOurs(id) && !isBundled(id),
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    comments: { legal: true },
  },
});
