import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import {
  contentsPath,
  isDecision,
  readNavigation,
  readPages,
  withSiteLinks,
} from "../../docs-site/src/pages.ts";

const root = join(import.meta.dirname, "../..");
const files = ["README.md", "CHANGELOG.md", ...globSync("docs/**/*.md", { cwd: root })];
const withoutCode = (path: string) =>
  readFileSync(join(root, path), "utf8").replaceAll(/^ *```.*?^ *```$|(?<!`)`[^`\n]+`(?!`)/gmsu, "");
const links = files.flatMap((path) =>
  Array.from(withoutCode(path).matchAll(/\]\(([^)\s]+)\)/gu), ([, target = ""]) => [path, target] as const),
);
const inside = links.filter(([, target]) => !/^https?:/u.test(target));

test.each(inside)("%s: %s is there, with its section", (path, target) => {
  const [file = "", anchor] = target.split("#");
  const found = file === "" ? path : relative(root, join(root, dirname(path), file));
  expect(existsSync(join(root, found)), found).toBe(true);
  if (anchor !== undefined) expect(sectionsOf(found)).toContain(anchor);
});

/** The anchors that the headings of a page have on the repository's host, and in the site. */
function sectionsOf(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8").replaceAll(/^ *```.*?^ *```$/gmsu, "");
  const seen = new Map<string, number>();
  return Array.from(text.matchAll(/^#+ (.+)$/gmu), ([, title = ""]) => {
    const name = title
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  });
}

test("the links are many, and none leads to a line of a file", () => {
  expect(inside.length).toBeGreaterThan(200);
  expect(inside.filter(([, target]) => /#L\d/u.test(target))).toEqual([]);
});

test("the table of contents, which is the site's navigation, has every page of docs once", () => {
  const pages = readPages();
  const listed = readNavigation(pages).flatMap(({ items }) => items.map(({ slug }) => slug));
  const wanted = pages.filter(
    (page) => page.path !== contentsPath && (!isDecision(page) || page.slug === "decisions"),
  );
  expect(listed.toSorted()).toEqual(wanted.map(({ slug }) => slug).toSorted());
});

const page = (path: string, body = "") => ({
  path,
  slug: path.slice(5, -3),
  title: "",
  description: "",
  body,
});

test("a page's links are addresses in the site; code and other servers are left alone", () => {
  const from = page(
    "docs/guides/a.md",
    "[b](../b.md#c) `[b](../b.md)` [x](https://example.org/b.md) [here](#here)\n",
  );
  expect(withSiteLinks(from, [from, page("docs/b.md")], "/base/")).toBe(
    "[b](/base/b/#c) `[b](../b.md)` [x](https://example.org/b.md) [here](#here)\n",
  );
});

test("a link to what the site does not have ends its build, with page and target", () => {
  const from = page("docs/a.md", "[x](../src/main.ts)");
  expect(() => withSiteLinks(from, [from], "/")).toThrow(
    "docs/a.md links to ../src/main.ts, which is no page of the site",
  );
});
