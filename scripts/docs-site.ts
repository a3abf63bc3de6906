import { join } from "node:path";
import { serveSite } from "../test/support/built-site.ts";
import { buildSite, fetchSitePackages } from "./docs-site/build.ts";

/** Builds the documentation site into `docs-site/dist`; with `--serve` shows it until it is ended, as the site's files want a server. */
const missing = await fetchSitePackages();
if (missing === null) {
  const folder = join(import.meta.dirname, "../docs-site/dist");
  const serves = process.argv.includes("--serve");
  await buildSite(folder, serves ? "/" : process.env.DOCS_BASE);
  console.log(`built ${folder}`);
  if (serves) console.log(`look at it: ${(await serveSite(folder)).url} (until Ctrl-C)`);
  else console.log("look at it: npm run docs:site -- --serve");
} else {
  console.error(`the site is not built: ${missing}`);
  process.exitCode = 1;
}
