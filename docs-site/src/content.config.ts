import { docsSchema } from "@astrojs/starlight/schema";
import { type CollectionConfig, defineCollection } from "astro/content/config";
import type { Loader } from "astro/loaders";
import { headTitle, isSearched, markedForSearch, readPages, root, withSiteLinks } from "./pages.ts";

/** The pages of the project, which know nothing of this site: title and description are taken from their text. */
const pagesOfProject: Loader = {
  name: "pages-of-the-project",
  async load({ config, store, parseData, renderMarkdown, generateDigest }) {
    store.clear();
    const pages = readPages();
    for (const page of pages) {
      const { path, slug: id, title, description } = page;
      const head = [{ tag: "title", content: headTitle(page) }];
      const data = await parseData({ id, data: { title, description, head, pagefind: isSearched(page) } });
      const body = withSiteLinks(page, pages, config.base.replace(/\/?$/u, "/"));
      const rendered = await renderMarkdown(body, { fileURL: new URL(path, `file://${root}/`) });
      const html = markedForSearch(page, rendered.html);
      store.set({ id, data, body, digest: generateDigest(body), rendered: { ...rendered, html } });
    }
  },
};

export const collections: Record<"docs", CollectionConfig<never>> = {
  docs: defineCollection({ loader: pagesOfProject, schema: docsSchema() }) as never,
};
