import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nextVersion, readChangeset, withVersion } from "./changesets.ts";
import { readVersions, writeVersion } from "./version-places.ts";

/**
 * Makes the changes that wait in `.changeset/` the next version: writes it wherever it stands and into the changelog, and removes what it
 * has told. Returns the version. Throws, before anything is written, when nothing waits, a file is no changeset, the places do not agree
 * or something else has changed, which would become a part of the release.
 */
export function release(root: string): string {
  const files = globSync(".changeset/*.md", { cwd: root, exclude: [".changeset/README.md"] }).toSorted();
  if (files.length === 0)
    throw new Error("nothing waits for a release: .changeset/README.md says how a change is told");
  const changes = files.map((file) => readChangeset(file, readFileSync(join(root, file), "utf8")));
  const { version: current } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  refuseOtherVersions(root, current);
  refuseUncommitted(root);
  const version = nextVersion(current, changes);
  const changelog = join(root, "CHANGELOG.md");
  writeFileSync(changelog, withVersion(readFileSync(changelog, "utf8"), version, changes));
  writeVersion(root, version);
  for (const file of files) rmSync(join(root, file));
  return version;
}

/** A place that has lost its number, or has another one, would be released so. */
function refuseOtherVersions(root: string, current: string): void {
  for (const { file, versions } of readVersions(root)) {
    const others = versions.filter((version) => version !== current);
    if (versions.length === 0 || others.length > 0)
      throw new Error(
        `${file} has ${others[0] ?? "no version"} where package.json has ${current}: mend it first`,
      );
  }
}

/** Changes that still wait to be told may be new. Outside a repository there is nothing to compare with. */
function refuseUncommitted(root: string): void {
  const args = ["status", "--porcelain", "--", ".", ":!.changeset"];
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const changed = stdout?.split("\n").filter((line) => line !== "") ?? [];
  if (status === 0 && changed.length > 0)
    throw new Error(`commit or put away first, or it becomes a part of the release:\n${changed.join("\n")}`);
}
