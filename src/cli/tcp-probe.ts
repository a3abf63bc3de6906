import { once } from "node:events";
import { connect } from "node:net";

/**
 * Resolves when something listens at the URL's host and port; rejects with the socket's error. Loading `fetch` to find out that nothing
 * listens would take longer than all else that a command like `status` does.
 */
export async function tcpProbe({ protocol, hostname, port }: URL, signal: AbortSignal): Promise<void> {
  const host = hostname.replace(/^\[(.*)\]$/u, "$1");
  const socket = connect({ host, port: Number(port) || (protocol === "https:" ? 443 : 80) });
  try {
    await once(socket, "connect", { signal });
  } finally {
    socket.destroy();
  }
}
