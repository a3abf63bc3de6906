import { existsSync, globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import type { TestProject } from "vitest/node";
import { installPackage } from "../../support/install-package.ts";
import { fromSource, type Program } from "../../support/service.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** What the journeys run over. */
    program: Program;
  }
}

const root = join(import.meta.dirname, "../../..");

export interface MadeProgram {
  program: Program;
  remove: () => void;
}

/** Once for all tests of the suite. */
export default async function setUp(vitest: TestProject): Promise<() => void> {
  const { program, remove } = await makeProgram();
  vitest.provide("program", program);
  return remove;
}

/**
 * The page is tested as a stranger gets it: the package is made, packed and installed. `WEB_OVER=source` takes the sources instead, which
 * begins sooner, for whoever changes the page.
 */
export async function makeProgram(): Promise<MadeProgram> {
  if (process.env.WEB_OVER === "source") {
    if (!isBuilt()) await build({ root: join(root, "web"), logLevel: "error" });
    return { program: fromSource, remove: () => undefined };
  }
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-web-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const { command } = await installPackage(root, folder);
    return { program: [command], remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Whether the page that lies here is newer than everything that it is made of. */
function isBuilt(): boolean {
  const built = join(root, "dist/web/index.html");
  if (!existsSync(built)) return false;
  const { mtimeMs } = statSync(built);
  const sources = [...globSync("web/**/*.*", { cwd: root }), "package-lock.json"];
  return sources.every((file) => statSync(join(root, file)).mtimeMs < mtimeMs);
}
