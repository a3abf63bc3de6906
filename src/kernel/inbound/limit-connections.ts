import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Time limits for the head of a request and for the whole request, and the interval at which they are checked. Milliseconds. */
export const headersTimeoutMs = 10_000;
export const requestTimeoutMs = 30_000;
export const checkEveryMs = 1_000;

/**
 * Limits open connections. One more closes the connection that has been idle longest (no request yet, or none since the last
 * response), so that idle clients never shut out active ones. When all are being served, the new connection is closed.
 */
export function limitConnections(server: Server, most: number): void {
  /** In the order in which they became idle. */
  const silent = new Set<Socket>();
  let open = 0;
  server.on("connection", (socket: Socket) => {
    open += 1;
    silent.add(socket);
    socket.once("close", () => {
      open -= 1;
      silent.delete(socket);
    });
    if (open <= most) return;
    for (const longest of silent) {
      silent.delete(longest);
      longest.destroy();
      return;
    }
  });
  server.on("upgrade", ({ socket }: IncomingMessage) => void silent.delete(socket));
  // Before the server's own listener, which may have responded when it returns.
  server.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    silent.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) silent.add(socket);
    });
  });
}

/** File descriptors that the service needs besides client connections. */
const filesToCome = 6;
/** With fewer, one idle client would shut out all others. */
const fewest = 2;

/** How many connections fit below the limit of open files of this process; null where it is not known. */
export function roomForConnections(): number | null {
  const files = limitOfFiles();
  return files === null ? null : Math.max(fewest, files - readdirSync("/proc/self/fd").length - filesToCome);
}

/** Of `ulimit -n`; null for none, and on systems that do not say. */
function limitOfFiles(): number | null {
  try {
    const soft = /^Max open files +(\d+)/mu.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
