import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianProgram } from "./debian-program.ts";
import { freePort } from "./front-server.ts";

const installed = "/usr/lib/postgresql";

/** A PostgreSQL server of its own, on a free port of this machine. */
export interface PostgresCluster {
  /** Of its database, without `?schema`. */
  url: string;
  /** Runs a program of PostgreSQL as the user of the server. */
  run(program: string, ...words: string[]): string;
  /** As the server's own stop, or a kill of all of it; `start` brings it back. */
  stop(mode: "fast" | "immediate"): void;
  start(): void;
  remove(): void;
}

/** The folder of the newest PostgreSQL of Debian, which is installed where that can be done; null where it cannot be had. */
export function postgresPrograms(): string | null {
  const there = newestPrograms();
  if (there !== null) return there;
  debianProgram("pg_ctlcluster", "postgresql");
  return newestPrograms();
}

function newestPrograms(): string | null {
  const versions = existsSync(installed) ? readdirSync(installed) : [];
  const folders = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(installed, version, "bin"));
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

/** `initdb` refuses root, so that then all of it runs as `nobody`. */
export async function startPostgres(programs: string): Promise<PostgresCluster> {
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-postgres-"));
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  if (isRoot) chownSync(folder, 65_534, 65_534);
  chmodSync(folder, 0o700);
  const data = join(folder, "data");
  const run = (program: string, ...words: string[]) => {
    const options = {
      ...user,
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" },
    } as const;
    const { status, stdout, stderr, error } = spawnSync(join(programs, program), words, options);
    if (status !== 0)
      throw new Error(`${program} ended with ${status}: ${error?.message ?? ""}${stdout}${stderr}`);
    return stdout;
  };
  run(
    "initdb",
    "--pgdata",
    data,
    "--auth=trust",
    "--username=connector",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
  );
  const port = await freePort();
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=60 -c shared_buffers=32MB`;
  const start = () =>
    void run("pg_ctl", "start", "-w", "-s", "-D", data, "-l", join(folder, "log"), "-o", settings);
  const stop = (mode: "fast" | "immediate") => void run("pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", data);
  start();
  run("createdb", "-h", folder, "-p", String(port), "-U", "connector", "memories");
  return {
    url: `postgres://connector@127.0.0.1:${port}/memories`,
    ...{ run, start, stop },
    remove: () => {
      try {
        stop("immediate");
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
