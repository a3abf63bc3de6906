import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianProgram } from "./debian-program.ts";
import { freePort, startFrontServer } from "./front-server.ts";
import { temporaryFolder } from "./temp-folder.ts";

export type PoolMode = "session" | "transaction";

/** Where PgBouncer is, which is installed where that can be done; null where it cannot be had. */
export function pgbouncerProgram(): string | null {
  return debianProgram("pgbouncer", "pgbouncer");
}

/**
 * A real PgBouncer before the server of a URL, with the settings that it comes with but for the mode and the size of its pool; ends with the test.
 * Resolves to the URL of the same database through it.
 */
export async function startPgbouncer(
  program: string,
  behind: string,
  { mode, poolSize }: { mode: PoolMode; poolSize: number },
): Promise<string> {
  const folder = temporaryFolder();
  // It refuses root, and reads its file again as whoever it has become.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chmodSync(folder, 0o755);
  const port = await freePort();
  const { hostname, port: serverPort, username, pathname } = new URL(behind);
  const lines = [
    "[databases]",
    `${pathname.slice(1)} = host=${hostname} port=${serverPort} user=${username}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = any",
    `pool_mode = ${mode}`,
    `default_pool_size = ${poolSize}`,
    ...(isRoot ? ["user = nobody"] : []),
  ];
  writeFileSync(join(folder, "pgbouncer.ini"), `${lines.join("\n")}\n`);
  await startFrontServer({ program, args: ["-q", "pgbouncer.ini"], cwd: folder, port });
  const url = new URL(behind);
  url.port = String(port);
  return url.href;
}
