import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { debianProgram } from "../../support/debian-program.ts";
import { temporaryFolder } from "../../support/temp-folder.ts";

const call = promisify(execFile);
const build = fileURLToPath(new URL("../../../scripts/image/build.sh", import.meta.url));
const enter = fileURLToPath(new URL("enter-image.sh", import.meta.url));

/** What an image says of itself, in the words of its format. */
export interface ImageConfig {
  User: string;
  Env: string[];
  Entrypoint: string[];
  Cmd: string[];
  WorkingDir: string;
  Healthcheck: { Test: string[] };
  Labels: Record<string, string>;
}

export interface Image {
  /** Its files. */
  root: string;
  bytes: number;
  config: ImageConfig;
  remove(): void;
}

/** Builds the image as `npm run image` does, in a store of its own; null where this machine cannot. */
export async function buildImage(): Promise<Image | null> {
  const tools = { buildah: "buildah", busybox: "busybox-static", unshare: "util-linux" };
  const isThere = Object.entries(tools).every(([tool, name]) => debianProgram(tool, name) !== null);
  if (!isThere || process.getuid?.() !== 0) return null;
  const store = mkdtempSync(join(tmpdir(), "memory-connector-image-"));
  const env = buildahEnvironment(store);
  const buildah = async (...args: string[]) => (await call("buildah", args, { env })).stdout.trim();
  const name = "localhost/memory-connector";
  await call(build, [name], { env, maxBuffer: 1 << 26 });
  const [{ size }] = JSON.parse(await buildah("images", "--json", name)) as [{ size: string }];
  return {
    root: await buildah("mount", await buildah("from", name)),
    bytes: bytesOf(size),
    config: JSON.parse(await buildah("inspect", "--type", "image", name)).Docker.config,
    remove: () => rmSync(store, { recursive: true, force: true }),
  };
}

function buildahEnvironment(store: string): NodeJS.ProcessEnv {
  const settings = join(store, "storage.conf");
  const lines = ["[storage]", 'driver = "vfs"', `graphroot = "${store}/images"`, `runroot = "${store}/run"`];
  writeFileSync(settings, lines.join("\n"));
  return { ...process.env, CONTAINERS_STORAGE_CONF: settings, BUILDAH_ISOLATION: "chroot" };
}

/** `232 MB` */
function bytesOf(size: string): number {
  const [number, unit = ""] = size.split(" ");
  return Number(number) * { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 }[unit.toUpperCase() as "B" | "KB" | "MB" | "GB"];
}

/** A folder that the user of a container may write, as an engine prepares a volume. */
export function volumeFor(user: number): string {
  const folder = temporaryFolder();
  chownSync(folder, user, 0);
  chmodSync(folder, 0o770);
  return folder;
}

export interface ContainerOptions {
  image: Image;
  user: number;
  /** Stands at `/data`. */
  data: string;
  /** In the place of the image's own. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** Runs the image as its configuration says: read-only, without HOME, as process 1. Ends with the test. */
export function startContainer({ image, user, data, args, env = {} }: ContainerOptions): ChildProcess {
  const { Entrypoint, Cmd, Env, WorkingDir } = image.config;
  const variables = [...Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const as = [`--root=${image.root}`, `--wd=${WorkingDir}`, `--setuid=${user}`, "--setgid=0"];
  const program = [...variables, "unshare", ...as, ...Entrypoint, ...(args ?? Cmd)];
  const spaces = ["--mount", "--pid", "--fork", "--kill-child"];
  const engine = spawn("unshare", [...spaces, enter, image.root, data, ...program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void engine.kill("SIGKILL"));
  return engine;
}

/** Sends process 1 of a container a signal, as `docker stop` does. */
export function signalContainer({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  process.kill(Number(first), signal);
}
