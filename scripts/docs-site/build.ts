import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, whileLocked } from "../../test/support/tool-cache.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** Where its packages lie is kept between runs, for to install them takes longer than to build: a folder for each lock file. */
function workshop(): string {
  const lock = readFileSync(join(root, "docs-site/package-lock.json"));
  const version = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  return join(cacheFolder(), `docs-site-${version}`);
}

/** Sees that the site's packages are there. Resolves to what is wrong where they cannot be had, null otherwise; throws when the lock file is wrong. */
export async function fetchSitePackages(): Promise<string | null> {
  const folder = workshop();
  try {
    await whileLocked(`${folder}.lock`, () => install(folder));
    return null;
  } catch (error) {
    const { message } = error as Error;
    // Lock file and package do not agree: a fault of ours, and not one of the place.
    if (message.includes("EUSAGE")) throw error;
    return message.split("\n", 2).join(": ");
  }
}

async function install(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, "docs-site"), { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    cpSync(join(root, "docs-site", file), join(unfinished, "docs-site", file));
  const words = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", words, { cwd: join(unfinished, "docs-site"), timeout: 300_000 });
  renameSync(unfinished, folder);
}

/** What the site is made of, beside its packages. */
const sources = ["docs", "CHANGELOG.md", "docs-site/astro.config.ts", "docs-site/public", "docs-site/src"];

/** Builds the site into a folder; `base` is the path below which it will lie. Throws, with what the build said, when a page has a fault. */
export async function buildSite(outDir: string, base = "/"): Promise<void> {
  const folder = workshop();
  const cwd = join(folder, "docs-site");
  const words = ["node_modules/astro/bin/astro.mjs", "build", "--outDir", outDir, "--silent"];
  const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", DOCS_BASE: base };
  await whileLocked(`${folder}.lock`, async () => {
    for (const path of sources) rmSync(join(folder, path), { recursive: true, force: true });
    for (const path of sources) cpSync(join(root, path), join(folder, path), { recursive: true });
    await run(process.execPath, words, { cwd, env });
  });
}
