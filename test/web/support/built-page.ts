import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const root = join(import.meta.dirname, "../../..");

/** Builds the page once for all tests, unless it is newer than everything that it is made of. */
export default async function buildPage(): Promise<void> {
  if (!isCurrent()) await build({ root: join(root, "web"), logLevel: "error" });
}

function isCurrent(): boolean {
  const built = join(root, "dist/web/index.html");
  if (!existsSync(built)) return false;
  const { mtimeMs } = statSync(built);
  const sources = [...globSync("web/**/*.*", { cwd: root }), "package-lock.json"];
  return sources.every((file) => statSync(join(root, file)).mtimeMs < mtimeMs);
}
