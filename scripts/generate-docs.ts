import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderExample } from "../src/config/example.ts";
import { renderApi } from "./docs/api.ts";
import { renderApiReference } from "./docs/api-reference.ts";
import { renderChartSchema } from "./docs/chart-schema.ts";
import { renderCli, renderCliJson } from "./docs/cli.ts";
import { renderComparison } from "./docs/comparison.ts";
import { renderConfiguration } from "./docs/configuration.ts";
import { renderErrors } from "./docs/errors.ts";
import { renderJsonSchema } from "./docs/json-schema.ts";
import { renderMetrics } from "./docs/metrics.ts";
import { renderPicture } from "./docs/picture.ts";
import { renderTransformation } from "./docs/transformation.ts";

/**
 * Writes the files that are made from the code. With `--check` it writes nothing and fails when one of them is not what the
 * code would make.
 */
const generated: Readonly<Record<string, () => string | Promise<string>>> = {
  "config.example.yaml": renderExample,
  "config.schema.json": renderJsonSchema,
  "deploy/helm/memory-connector/values.schema.json": renderChartSchema,
  "docs/api.md": renderApi,
  "docs/api-reference.md": renderApiReference,
  "docs/comparison.md": renderComparison,
  "docs/configuration.md": renderConfiguration,
  "docs/cli.md": renderCli,
  "docs/cli-json.md": renderCliJson,
  "docs/errors.md": renderErrors,
  "docs/images/demo-graph.svg": renderPicture,
  "docs/metrics.md": renderMetrics,
  "docs/transformation.md": renderTransformation,
};

const root = join(import.meta.dirname, "..");
const contentOf = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, "utf8") : undefined;

const rendered = Object.entries(generated).map(async ([name, render]) => {
  return { name, path: join(root, name), content: await render() };
});
const stale = (await Promise.all(rendered)).filter(({ path, content }) => contentOf(path) !== content);

if (process.argv.includes("--check")) {
  for (const { name } of stale) console.error(`${name} is not up to date: run npm run docs:generate`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { path, content } of stale) writeFileSync(path, content);
  console.log(
    stale.length === 0 ? "all files are up to date" : `wrote ${stale.map(({ name }) => name).join(", ")}`,
  );
}
