/**
 * Imports point one way: cli, api, schedule -> sync -> memory, transform, lightrag, state -> errors, http, util.
 * A folder of a port never knows an adapter of another port.
 */
const adapters = "^src/(memory|transform|lightrag|state)/";

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "outermost-is-never-imported",
      comment: "Only main.ts may import the wiring and the command line.",
      severity: "error",
      from: { pathNot: "^(src/(main|app|parts-builder)\\.ts|src/(cli|api|service)/|test/|bench/|scripts/)" },
      to: { path: "^src/(cli|api|service)/|^src/(main|app|parts-builder)\\.ts" },
    },
    {
      name: "adapters-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/(memory|transform|lightrag|state)/" },
      to: { path: adapters, pathNot: ["^src/$1/", "^src/memory/(memory(-facts)?|listing-lore)\\.ts$"] },
    },
    {
      name: "server-and-folder-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/lightrag/(api|direct)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/lightrag/(api|direct)/", pathNot: "^src/lightrag/$1/" },
    },
    {
      name: "domain-does-not-know-the-run",
      severity: "error",
      from: { path: adapters },
      to: { path: "^src/(sync|schedule|config)/" },
    },
    {
      name: "sync-knows-only-ports",
      comment: "The day a second adapter comes, nothing above the port changes.",
      severity: "error",
      from: { path: "^src/sync/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/(state/(json|sqlite)|lightrag/(api|direct)|memory/api)/" },
    },
    {
      name: "base-knows-nothing",
      severity: "error",
      from: { path: "^src/(errors|util)/" },
      to: { path: "^src/", pathNot: "^src/(errors|util)/" },
    },
    {
      name: "http-knows-no-adapter",
      severity: "error",
      from: { path: "^src/http/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/", pathNot: "^src/(http|errors|util)/" },
    },
    {
      name: "product-does-not-import-tests",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(test|bench|scripts)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    parser: "swc",
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
