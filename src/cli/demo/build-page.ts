import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { packagedFile } from "../../packaged-file.ts";

/**
 * Builds the service's page in a checkout where nobody has; a package brings it. Takes about a second. Throws `PAGE_NOT_BUILT`, and
 * `AbortError`.
 */
export async function buildPage(signal: AbortSignal, tell: (line: string) => void): Promise<void> {
  if (existsSync(packagedFile("dist/web/index.html"))) return;
  const vite = packagedFile("node_modules/vite/bin/vite.js");
  if (!existsSync(vite)) throw new ConnectorError("PAGE_NOT_BUILT", "the page of the service is not built");
  tell("building the page …");
  const args = [vite, "build", packagedFile("web"), "--logLevel", "warn"];
  const child = spawn(process.execPath, args, { signal, stdio: ["ignore", "ignore", "pipe"] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code === 0) return;
  throw new ConnectorError("PAGE_NOT_BUILT", `the page of the service cannot be built: ${said.trim()}`);
}
