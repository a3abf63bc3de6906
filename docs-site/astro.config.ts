import { satteri } from "@astrojs/markdown-satteri";
import starlight from "@astrojs/starlight";
import { defineConfig, passthroughImageService } from "astro/config";
import { readNavigation, readPages, siteTitle } from "./src/pages.ts";

export default defineConfig({
  // The folder of a server below which the site lies, such as /memory-connector.
  base: process.env.DOCS_BASE ?? "/",
  image: { service: passthroughImageService() },
  // As on GitHub: two hyphens are two hyphens.
  markdown: { processor: satteri({ features: { smartPunctuation: false } }) },
  integrations: [
    starlight({
      title: siteTitle,
      sidebar: readNavigation(readPages()),
      pagination: false,
      credits: false,
      customCss: ["./src/site.css"],
      // The hint stands at the end of a message, and nobody scrolls there; a drawing, which has no language, is broken by it.
      expressiveCode: { defaultProps: { wrap: true, overridesByLang: { "": { wrap: false } } } },
    }),
  ],
});
