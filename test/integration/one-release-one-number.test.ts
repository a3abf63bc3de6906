import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { nextVersion, readChangeset } from "../../scripts/release/changesets.ts";
import { release } from "../../scripts/release/release.ts";
import { readVersions } from "../../scripts/release/version-places.ts";
import { migrations } from "../../src/state/sqlite/migrations.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string, folder = root) => readFileSync(join(folder, path), "utf8");
const { version } = JSON.parse(read("package.json"));

test("package, lock file, image, chart, manifests, Compose file and pages carry the same version", () => {
  for (const { file, versions } of readVersions(root)) {
    expect(versions, file).not.toEqual([]);
    expect(new Set(versions), file).toEqual(new Set([version]));
  }
});

test("the version stands nowhere among them where a release would not change it", () => {
  const known = new Map(readVersions(root).map(({ file, versions }) => [file, versions.length]));
  const files = [
    "Dockerfile",
    ...globSync("deploy/**/*.{yaml,yml,service}", { cwd: root }),
    "docs/guides/kubernetes.md",
    "docs/guides/systemd.md",
    "docs/upgrading.md",
  ];
  // Not inside an address or a longer number.
  const standsThere = new RegExp(`(?<![\\d.])${version.replaceAll(".", String.raw`\.`)}(?![\\d.]*\\d)`, "gu");
  for (const file of files)
    expect(read(file).match(standsThere)?.length ?? 0, file).toBe(known.get(file) ?? 0);
});

test("every change that waits for a release can be read", () => {
  for (const file of globSync(".changeset/*.md", { cwd: root, exclude: [".changeset/README.md"] }))
    expect(() => readChangeset(file, read(file))).not.toThrow();
});

/** A copy of what a release writes to, with these changes waiting. */
function checkout(changes: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const file of [...readVersions(root).map((each) => each.file), "CHANGELOG.md"]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  mkdirSync(join(folder, ".changeset"));
  writeFileSync(join(folder, ".changeset/README.md"), "How to.");
  for (const [name, content] of Object.entries(changes))
    writeFileSync(join(folder, ".changeset", name), content);
  return folder;
}

const change = (bump: string, text: string) => `---\n"memory-connector": ${bump}\n---\n\n${text}\n`;
const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);

test.each([
  [["patch"], `${major}.${minor}.${patch + 1}`],
  [["patch", "minor"], `${major}.${minor + 1}.0`],
  [["minor", "major", "patch"], `${major + 1}.0.0`],
])("changes that are %j make the next version %s, everywhere", (bumps, next) => {
  const changes = bumps.map((bump, index) => [`${index}.md`, change(bump, `A ${bump} one.`)]);
  const folder = checkout(Object.fromEntries(changes));
  expect(release(folder)).toBe(next);
  for (const { file, versions } of readVersions(folder))
    expect(new Set(versions), file).toEqual(new Set([next]));
});

test("the changelog tells them on top, the largest first, and what came before stays", () => {
  const folder = checkout({
    "b.md": change("patch", "It works.\n\nOn two lines."),
    "a.md": change("minor", "It is new."),
  });
  const next = release(folder);
  const [before = "", ...versions] = read("CHANGELOG.md", folder).split(/^(?=## )/mu);
  expect(before).toBe(read("CHANGELOG.md").split(/^## /mu)[0]);
  const item = "- It works.\n\n  On two lines.";
  expect(versions[0]).toBe(
    `## ${next}\n\n### Minor changes\n\n- It is new.\n\n### Patch changes\n\n${item}\n\n`,
  );
  expect(versions.slice(1).join("")).toBe(read("CHANGELOG.md").slice(before.length));
});

test("what was told waits no longer, and nothing is released twice", () => {
  const folder = checkout({ "a.md": change("patch", "It works.") });
  release(folder);
  expect(existsSync(join(folder, ".changeset/a.md"))).toBe(false);
  expect(existsSync(join(folder, ".changeset/README.md"))).toBe(true);
  expect(() => release(folder)).toThrow("nothing waits for a release");
});

test.each([
  ["no front matter", "It works."],
  ["another package", '---\n"other": patch\n---\n\nIt works.'],
  ["another bump", '---\n"memory-connector": tiny\n---\n\nIt works.'],
  ["no text", '---\n"memory-connector": patch\n---\n\n'],
])("a file with %s is named, and nothing is written", (_, content) => {
  const folder = checkout({ "a.md": change("patch", "It works."), "slip.md": content });
  expect(() => release(folder)).toThrow(".changeset/slip.md is no changeset");
  expect(read("package.json", folder)).toBe(read("package.json"));
  expect(read("CHANGELOG.md", folder)).toBe(read("CHANGELOG.md"));
});

test.each([
  ["has lost its number", ""],
  ["has another number", "9.9.9"],
])("a place that %s is named, and nothing is written", (_, instead) => {
  const folder = checkout({ "a.md": change("patch", "It works.") });
  const text = read("Dockerfile", folder).replace(`VERSION=${version}`, `VERSION=${instead}`);
  writeFileSync(join(folder, "Dockerfile"), text);
  expect(() => release(folder)).toThrow(`Dockerfile has ${instead || "no version"} where package.json has`);
  expect(read("CHANGELOG.md", folder)).toBe(read("CHANGELOG.md"));
});

test("what is not committed is named and not released, but for the changes that wait", () => {
  const folder = checkout({ "a.md": change("patch", "It works.") });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8" });
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "all");
  writeFileSync(join(folder, "slip.ts"), "");
  expect(() => release(folder)).toThrow("slip.ts");
  expect(read("package.json", folder)).toBe(read("package.json"));
  rmSync(join(folder, "slip.ts"));
  writeFileSync(join(folder, ".changeset/b.md"), change("patch", "It works too."));
  expect(release(folder)).toBe(`${major}.${minor}.${patch + 1}`);
});

test.each(["1.0.0-rc.1", "1.0", "next"])("after %s no version follows", (odd) => {
  expect(() => nextVersion(odd, [{ bump: "patch", text: "It works." }])).toThrow(odd);
});

test("the page about upgrades tells each step of the state", () => {
  const rows = [...read("docs/upgrading.md").matchAll(/^\| (\d+) \| /gmu)].map(([, step]) => Number(step));
  expect(rows).toEqual(migrations.map((_, index) => index + 1));
});
