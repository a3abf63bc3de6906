import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";
import { eventually } from "./service.ts";

/** A proxy before a server, as a process that ends with the test. */
export interface FrontServer {
  program: string;
  args: readonly string[];
  cwd: string;
  port: number;
  /** Default: what this process has. */
  env?: Readonly<Record<string, string>>;
}

/** Resolves to its address once it answers. */
export async function startFrontServer({ program, args, cwd, port, env }: FrontServer): Promise<string> {
  const front = spawn(program, args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  front.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  onTestFinished(async () => {
    if (front.exitCode !== null) return;
    front.kill("SIGTERM");
    await once(front, "exit");
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (front.exitCode !== null) throw new Error(`${program} ended: ${said}`);
    return accepts(port);
  });
  return url;
}

/** Whether somebody takes connections at a port of this machine; what is spoken there does not matter. */
function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, "127.0.0.1");
  socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
