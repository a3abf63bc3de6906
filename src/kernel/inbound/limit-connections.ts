import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Milliseconds for the head of a request, and for all of it, to come in; and between two looks at who is late. */
export const headersTimeoutMs = 10_000;
export const requestTimeoutMs = 30_000;
export const lookEveryMs = 1_000;

/**
 * Holds at most so many connections. One more ends the one that has been silent for longest (nothing asked yet, or nothing since the
 * last answer), so that those who only hold connections never keep out those who ask. When all are being answered, the new one is
 * ended.
 */
export function limitConnections(server: Server, most: number): void {
  /** In the order in which they fell silent. */
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
  // Before the server's own listener, which may have answered when it returns.
  server.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    silent.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) silent.add(socket);
    });
  });
}

/** What a service that listens opens besides what it has open before, for a moment or for good. */
const filesToCome = 6;
/** With fewer nobody could ask at all: one to hold, one to ask. */
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
