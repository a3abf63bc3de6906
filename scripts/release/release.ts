import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nextVersion, readChangeset, withVersion } from "./changesets.ts";
import { writeVersion } from "./version-places.ts";

/**
 * Makes the changes that wait in `.changeset/` the next version: writes it wherever it stands and into the changelog, and removes what it
 * has told. Resolves to the version. Throws, before anything is written, when nothing waits or a file is no changeset.
 */
export function release(root: string): string {
  const files = globSync(".changeset/*.md", { cwd: root, exclude: [".changeset/README.md"] }).toSorted();
  if (files.length === 0)
    throw new Error("nothing waits for a release: .changeset/README.md says how a change is told");
  const changes = files.map((file) => readChangeset(file, readFileSync(join(root, file), "utf8")));
  const { version: current } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = nextVersion(current, changes);
  const changelog = join(root, "CHANGELOG.md");
  writeFileSync(changelog, withVersion(readFileSync(changelog, "utf8"), version, changes));
  writeVersion(root, version);
  for (const file of files) rmSync(join(root, file));
  return version;
}
