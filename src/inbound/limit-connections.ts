import { readFileSync } from "node:fs";
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

/** What else a service has open: its state, its logs, its servers, and twice that while it works. */
const filesOfOurs = 24;

/** How many connections fit below the limit of open files of this process; null where it is not known. */
export function roomForConnections(): number | null {
  const files = limitOfFiles();
  return files === null ? null : Math.max(4, files - filesOfOurs);
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
