import { once } from "node:events";
import { connect } from "node:net";

/**
 * Resolves when something listens where the URL leads; rejects as the socket does. To learn that nobody is there, loading `fetch`
 * would take longer than all else that a command like `status` does.
 */
export async function knock({ protocol, hostname, port }: URL, signal: AbortSignal): Promise<void> {
  const host = hostname.replace(/^\[(.*)\]$/u, "$1");
  const socket = connect({ host, port: Number(port) || (protocol === "https:" ? 443 : 80) });
  try {
    await once(socket, "connect", { signal });
  } finally {
    socket.destroy();
  }
}
