import { join } from "node:path";
import { buildSite, fetchSitePackages } from "./docs-site/build.ts";

/** Builds the documentation site into `docs-site/dist`. */
const missing = await fetchSitePackages();
if (missing === null) {
  const folder = join(import.meta.dirname, "../docs-site/dist");
  await buildSite(folder, process.env.DOCS_BASE);
  console.log(`built ${folder}`);
} else {
  console.error(`the site is not built: ${missing}`);
  process.exitCode = 1;
}
