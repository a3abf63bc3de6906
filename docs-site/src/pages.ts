import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** The project's root. The build runs in `docs-site`. */
export const root = join(import.meta.dirname, "../..");

/** One Markdown page of the project, as the site shows it. */
export interface SitePage {
  /** From the project's root, with `/`. */
  path: string;
  /** Its address in the site, without slashes at the ends; `index` for the first. */
  slug: string;
  title: string;
  /** The first sentence or sentences, without markup. */
  description: string;
  /** Without the title; links still as they are in the file. */
  body: string;
}

/** The table of contents: the site's first page and, by its headings and links, the navigation. */
export const contentsPath = "docs/README.md";
const decisionsSlug = "decisions";

/** All that the site shows. There is no other list: a file in `docs` is a page. */
export function readPages(): SitePage[] {
  const paths = [...globSync("docs/**/*.md", { cwd: root }), "CHANGELOG.md"].toSorted();
  const pages = paths.map((path) => toPage(path, readFileSync(join(root, path), "utf8")));
  return [...pages, decisionsPage(pages.filter(isDecision))];
}

export const isDecision = ({ path }: SitePage): boolean => path.startsWith("docs/decisions/");

/** Who searches has a problem at hand: why something was decided is no answer to it, and schemas hold every word there is. */
export const isSearched = (page: SitePage): boolean => !isDecision(page) && page.path !== "docs/cli-json.md";

/**
 * The page's HTML with what the search is told of it, so that whoever looks for a code finds what it means and what helps: its own row counts
 * most, symptoms more than other pages and those for programmers less, and the lists of codes that an endpoint may answer with do not count.
 */
export function markedForSearch({ path }: SitePage, html: string): string {
  if (path === "docs/errors.md")
    return html.replaceAll(/<td><code>(?=[A-Z][A-Z_]+<)/gu, '<td><code data-pagefind-weight="10">');
  if (path === "docs/troubleshooting.md") return weighed(html, 3);
  if (path.startsWith("docs/adding-")) return weighed(html, 0.5);
  return html.replaceAll(/<p>(?=Errors: <a)/gu, "<p data-pagefind-ignore>");
}

/** Pagefind's scale is 0 to 10, and 1 what any text has. */
const weighed = (html: string, weight: number): string =>
  `<div data-pagefind-weight="${weight}">${html}</div>`;

export const siteTitle = "memory-connector";

/** What a browser's tab shows: the site's name once. */
export const headTitle = ({ title }: SitePage): string =>
  title.includes(siteTitle) ? title : `${title} | ${siteTitle}`;

function toPage(path: string, text: string): SitePage {
  const [, title, body] = /^# ([^\n]+)\n(.*)$/su.exec(text) ?? [];
  if (title === undefined || body === undefined) throw new Error(`${path} does not begin with its title`);
  return { path, slug: slugOf(path), title: withoutMarkup(title), description: descriptionOf(body), body };
}

/** Decisions are many and have no page that lists them; on GitHub the folder does. */
function decisionsPage(decisions: readonly SitePage[]): SitePage {
  const list = decisions.map(({ path, title }) => `- [${title}](${posix.basename(path)})`).join("\n");
  const description = "What was decided, why, and what else was thought of.";
  const path = "docs/decisions/";
  return { path, slug: decisionsSlug, title: "Decisions", description, body: `${description}\n\n${list}\n` };
}

function slugOf(path: string): string {
  if (path === contentsPath) return "index";
  return path
    .replace(/^docs\//u, "")
    .replace(/\.md$/u, "")
    .toLowerCase();
}

function descriptionOf(body: string): string {
  const paragraphs = body.split(/\n{2,}/u).map((text) => text.trim());
  const prose = paragraphs.find((text) => /^[\p{L}*`[]/u.test(text)) ?? "";
  return withoutMarkup(prose.replaceAll("\n", " ")).slice(0, 200);
}

function withoutMarkup(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, "$1").replaceAll(/\*\*|[`*]/gu, "");
}

/** The page with its links as addresses in the site; `base` begins and ends with `/`. Throws on a link to what is no page. */
export function withSiteLinks(page: SitePage, pages: readonly SitePage[], base: string): string {
  const slugs = new Map(pages.map(({ path, slug }) => [path, slug]));
  return page.body.replaceAll(codeOrLink, (whole, code: string | undefined, target: string) => {
    if (code !== undefined || /^(?:https?:|mailto:|#)/u.test(target)) return whole;
    const [file = "", anchor] = target.split("#");
    const [, image] = /(?:^|\/)images\/(\S+\.(?:svg|png))$/u.exec(file) ?? [];
    if (image !== undefined) return `](${base}images/${image})`;
    const slug = slugs.get(posix.join(posix.dirname(`${page.path}x`), file));
    if (slug === undefined) throw new Error(`${page.path} links to ${target}, which is no page of the site`);
    const address = slug === "index" ? base : `${base}${slug}/`;
    return `](${address}${anchor === undefined ? "" : `#${anchor}`})`;
  });
}

/** Code, which is left alone, or the target of a link. */
const codeOrLink = /(^ *```.*?^ *```$|`[^`\n]+`)|\]\(([^)\s]+)\)/gmsu;

export interface NavigationGroup {
  label: string;
  items: { label: string; slug: string }[];
}

/** The navigation, which is the table of contents: a group for each heading, an item for each line that begins with a link. */
export function readNavigation(pages: readonly SitePage[]): NavigationGroup[] {
  const contents = pages.find(({ path }) => path === contentsPath);
  const [, ...groups] = (contents?.body ?? "").split(/^## /mu);
  const slugs = new Map(pages.map(({ path, slug }) => [path, slug]));
  return groups.map((group) => {
    const items = Array.from(group.matchAll(/^- \[(.+?)\]\((\S+?)\)/gmu), ([, label = "", target = ""]) => {
      const slug = slugs.get(posix.join("docs", target));
      if (slug === undefined) throw new Error(`${contentsPath} names ${target}, which is no page`);
      return { label: withoutMarkup(label), slug };
    });
    return { label: group.slice(0, group.indexOf("\n")), items };
  });
}
