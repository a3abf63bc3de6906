import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeHTML } from "entities";
import { beforeAll, describe, expect, test } from "vitest";
import { isDecision, readPages } from "../../docs-site/src/pages.ts";
import { buildSite, fetchSitePackages } from "../../scripts/docs-site/build.ts";
import { errorCodes } from "../../src/kernel/errors/codes.ts";
import {
  addressFrom,
  type BuiltPage,
  fetchedByStyle,
  readBuiltPages,
  serveSite,
} from "../support/built-site.ts";

const missing = await fetchSitePackages();

// A file of which all is skipped shows no titles.
if (missing !== null) console.warn(`skipped: the site is not built: ${missing}`);

describe.skipIf(missing !== null)("the documentation site", () => {
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-site-"));
  let pages: BuiltPage[] = [];
  const pageAt = (address: string) => pages.find((page) => page.address === address);

  beforeAll(async () => {
    await buildSite(folder);
    pages = readBuiltPages(folder);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  test("has every page of the project, with its title", () => {
    const sources = readPages();
    expect(sources.length).toBeGreaterThan(100);
    for (const { slug, title } of sources) {
      const html = pageAt(slug === "index" ? "/" : `/${slug}/`)?.html ?? "";
      const [, shown = ""] = /<h1 id="_top"[^>]*>(.*?)<\/h1>/su.exec(html) ?? [];
      expect(decodeHTML(shown), slug).toBe(title);
    }
  });

  test("leads nowhere where nothing is: every link and every anchor", () => {
    const broken = pages.flatMap((page) =>
      page.links
        .filter((link) => !/^(?:https?|mailto):/u.test(link))
        .filter((link) => !isThere(page, link))
        .map((link) => `${page.address}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  function isThere(page: BuiltPage, link: string): boolean {
    const { address, anchor } = addressFrom(page, link);
    const target = pageAt(address);
    return target !== undefined && (anchor === "" || target.anchors.has(anchor));
  }

  test("has every page in the navigation of every page; decisions have a page of their own there", () => {
    const wanted = readPages()
      .filter((page) => !isDecision(page) || page.slug === "decisions")
      .map(({ slug }) => (slug === "index" ? "/" : `/${slug}/`));
    for (const { address, html } of pages.filter(({ address }) => address !== "/404.html")) {
      const [, navigation = ""] = /<nav class="sidebar[^>]*>(.*?)<\/nav>/su.exec(html) ?? [];
      const unreachable = wanted.filter((each) => each !== "/" && !navigation.includes(`href="${each}"`));
      expect(unreachable, address).toEqual([]);
    }
    const [listed] = pages.filter(({ address }) => address === "/decisions/");
    for (const { slug } of readPages().filter(isDecision)) expect(listed?.links).toContain(`/${slug}/`);
  });

  test("fetches nothing from elsewhere, and everything that it fetches is there", () => {
    const styles = globSync("**/*.css", { cwd: folder }).flatMap((path) =>
      fetchedByStyle(readFileSync(join(folder, path), "utf8")),
    );
    const scripts = globSync("_astro/**/*.js", { cwd: folder }).flatMap((path) =>
      Array.from(
        readFileSync(join(folder, path), "utf8").matchAll(
          /(?:fetch|import)\(\s*["'`]((?:https?:)?\/\/[^"'`]+)/gu,
        ),
        ([, to = ""]) => to,
      ),
    );
    const fetched = [...new Set([...pages.flatMap(({ assets }) => assets), ...styles, ...scripts])];
    expect(fetched.length).toBeGreaterThan(3);
    expect(fetched.filter((each) => /^(?:[a-z]+:)?\/\//iu.test(each))).toEqual([]);
    const files = pages.flatMap((page) => page.assets.map((each) => addressFrom(page, each).address));
    for (const file of new Set(files)) expect(existsSync(join(folder, file)), file).toBe(true);
  });

  test.each([
    ["dead letter", "/troubleshooting/"],
    ["list cut off", "/troubleshooting/"],
    ["Ollama", "/guides/lightrag-with-ollama/"],
    ["SINK_UNREACHABLE", "/troubleshooting/"],
    ["CONFIG_INVALID", "/errors/"],
    ["alert Slack", "/alerts/"],
    ["restore archive", "/backup/"],
  ])("is searched offline: %s finds %s", async (words, address) => {
    const { results } = await search(words);
    const found = await Promise.all(results.slice(0, 6).map((result) => result.data()));
    expect(found.map(({ url }) => url)).toContain(address);
  });

  test("is asked for a code, whichever: its meaning or its symptom comes first", async () => {
    const first = async (code: string) => {
      const [best] = (await search(code)).results;
      return `${code}: ${(await best?.data())?.url}`;
    };
    const elsewhere = (await Promise.all(Object.keys(errorCodes).map(first))).filter(
      (each) => !/: \/(?:errors|troubleshooting)\/$/u.test(each),
    );
    expect(elsewhere).toEqual([]);
  });

  test("says its own name once in the title of every page", () => {
    for (const { address, html } of pages) {
      const [, title = ""] = /<title>(.*?)<\/title>/su.exec(html) ?? [];
      expect(title.split("memory-connector"), address).toHaveLength(2);
    }
  });

  test("breaks the lines of what a program says, so that the hint at their end is seen, and leaves drawings alone", () => {
    const blocks = Array.from(
      pageAt("/troubleshooting/")?.html.matchAll(/<pre\b[^>]*>/gu) ?? [],
      ([tag]) => tag,
    );
    expect(blocks.length).toBeGreaterThan(20);
    expect(blocks.filter((tag) => !/class="[^"]*\bwrap\b/u.test(tag))).toEqual([]);
    const drawings = Array.from(
      pageAt("/architecture/")?.html.matchAll(/<pre\b[^>]*data-language="plaintext"[^>]*>/gu) ?? [],
      ([tag]) => tag,
    );
    expect(drawings.length).toBeGreaterThan(0);
    expect(drawings.filter((tag) => /\bwrap\b/u.test(tag))).toEqual([]);
  });

  type Search = (words: string) => Promise<{ results: { data(): Promise<{ url: string }> }[] }>;
  let search: Search;

  beforeAll(async () => {
    const { server, url } = await serveSite(folder);
    const pagefind = await import(/* @vite-ignore */ join(folder, "pagefind/pagefind.js"));
    await pagefind.options({ basePath: `${url}pagefind/`, baseUrl: "/" });
    search = pagefind.search;
    return () => void server.close();
  });
});
