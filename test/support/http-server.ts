import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Connections that were opened so far. */
  connections(): number;
}

/** A real HTTP server on a free loopback port that ends with the test, open connections included. */
export async function startHttpServer(listener: RequestListener): Promise<TestServer> {
  let connections = 0;
  const server = createServer(listener);
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, connections: () => connections };
}
