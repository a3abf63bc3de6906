import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temp-folder.ts";

const root = join(import.meta.dirname, "../..");

/** What somebody who deploys from a checkout puts beside our files. */
const own = [
  "deploy/compose/.env",
  "deploy/compose/.env.production",
  "deploy/compose/compose.override.yaml",
  "deploy/compose/grafana/admin.yaml",
  "deploy/compose/keys/memory-api-key",
  "deploy/helm/memory-connector/my-values.yaml",
  "deploy/helm/my-values.yaml",
  "deploy/kubernetes/secret.yaml",
  "deploy/environment",
  "deploy/server.key",
  ".env",
  "config.yaml",
];

/** Names of the files that npm would pack, of the folder `deploy` and of what lies at the top. */
function packed(folder: string): string[] {
  const args = ["pack", "--dry-run", "--ignore-scripts", "--json"];
  const answer = JSON.parse(execFileSync("npm", args, { cwd: folder, encoding: "utf8" }));
  const [{ files }] = Object.values(answer) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path).filter((path) => /^deploy\/|^[^/]+$/u.test(path));
}

test("a package made where somebody deploys holds our files, and none of theirs", () => {
  const folder = temporaryFolder();
  const tracked = execFileSync("git", ["ls-files", "deploy", "package.json"], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n");
  for (const path of tracked) cpSync(join(root, path), join(folder, path));
  for (const path of own) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "KEY=secret\n");
  }
  expect(packed(folder).toSorted()).toEqual(tracked.toSorted());
});
