/**
 * Imports point one way, types included: a folder of `src` imports only folders that stand before it in the table of layers, which a
 * test holds against the folders that there are. The rules below say what the order alone does not.
 */
const layers = require("./scripts/house/layers.json");

const parts = layers.flatMap((layer) => layer.parts);
const escaped = (part) => part.replaceAll(".", "\\.") + (part.endsWith(".ts") ? "$" : "/");

/** One rule for each part but the last: it imports nothing of what stands after it. Tests may look at anything. */
const order = parts.slice(0, -1).map((part, index) => ({
  name: `order-of-layers-${part.replace(".ts", "")}`,
  severity: "error",
  from: { path: `^src/${escaped(part)}`, pathNot: "\\.test\\.ts$" },
  to: {
    path: `^src/(${parts
      .slice(index + 1)
      .map(escaped)
      .join("|")})`,
  },
}));

module.exports = {
  forbidden: [
    ...order,
    {
      name: "every-folder-has-a-place",
      comment: "Name the new folder of src in scripts/house/layers.json.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(${parts.map(escaped).join("|")}|[^/]+\\.test\\.ts$)` },
      to: {},
    },
    {
      name: "order-inside-the-kernel",
      comment: "errors, util, settings, http, openai.",
      severity: "error",
      from: { path: "^src/kernel/(errors|util)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/kernel/", pathNot: "^src/kernel/(errors|util)/" },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "adapters-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/(sources|documents|sinks|state)/" },
      to: {
        path: "^src/(sources|documents|sinks|state)/",
        pathNot: ["^src/$1/", "^src/sources/(memory-source|source-lore|source-capabilities)\\.ts$"],
      },
    },
    {
      name: "server-and-folder-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/sinks/lightrag/(server|embedded)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/sinks/lightrag/(server|embedded)/", pathNot: "^src/sinks/lightrag/$1/" },
    },
    {
      name: "sync-knows-only-ports",
      comment: "The day a second adapter comes, nothing above the port changes.",
      severity: "error",
      from: { path: "^src/sync/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^src/(state/(json|sqlite)|sinks/lightrag/(server|embedded)|sources/(memory-api|in-memory))/",
      },
    },
    {
      name: "the-sdk-of-opentelemetry-is-loaded-when-it-is-set",
      comment: "Settings and kernel know no SDK; whoever opens telemetry imports it then.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/observe/otel/|\\.test\\.ts$" },
      to: {
        path: "node_modules/@opentelemetry/|^src/observe/otel/(telemetry|sdk-span|collector|metric-producer)\\.ts$",
        dependencyTypesNot: ["type-only"],
        dynamic: false,
      },
    },
    {
      name: "the-page-knows-the-service-by-types-alone",
      comment: "A renamed field breaks its build; no code of the service reaches a browser.",
      severity: "error",
      from: { path: "^web/", pathNot: "\\.test\\.ts$|^web/vite\\.config\\.ts$" },
      to: { path: "^(src|test|bench|scripts)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "the-service-does-not-import-the-page",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^web/" },
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
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js"] },
  },
};
