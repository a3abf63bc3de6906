import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What happens to a connection instead of its being led on. */
export type Misbehaviour = (client: Socket) => void;

/** Stands before a server on loopback and misbehaves in bytes, whatever is spoken behind it. Ends with the test. */
export async function startTcpFront(behindPort: number) {
  let misbehaviour: Misbehaviour | null = null;
  let connections = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    connections += 1;
    open.add(client);
    client.on("error", () => undefined).on("close", () => open.delete(client));
    if (misbehaviour === null) leadOn(client, behindPort);
    else misbehaviour(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const client of open) client.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return {
    port: (server.address() as AddressInfo).port,
    /** Of new connections; null: they are led on. */
    misbehave: (how: Misbehaviour | null) => {
      misbehaviour = how;
    },
    /** Ends the connections that are open. */
    cut: () => {
      for (const client of open) client.destroy();
    },
    connections: () => connections,
    openConnections: () => open.size,
  };
}

function leadOn(client: Socket, port: number): void {
  const behind = connect(port, "127.0.0.1");
  behind.on("error", () => client.destroy()).on("close", () => client.destroy());
  client.on("close", () => behind.destroy());
  client.pipe(behind).pipe(client);
}

/** Reads what comes and says nothing. */
export const saysNothing: Misbehaviour = (client) => client.resume();

/** Is gone as soon as somebody is there. */
export const hangsUp: Misbehaviour = (client) => client.resetAndDestroy();

/** `first` at once, then `again` for ever: as fast as it is read, or with a pause in between. */
export function neverEnds(first: string, again: string, everyMs?: number): Misbehaviour {
  return (client) => {
    client.resume();
    client.write(first);
    if (everyMs === undefined) return flood(client, again.repeat(1000));
    const timer = setInterval(() => client.write(again), everyMs);
    client.on("close", () => clearInterval(timer));
  };
}

function flood(client: Socket, text: string): void {
  const more = () => {
    while (client.writable && client.write(text));
  };
  client.on("drain", more);
  more();
}
