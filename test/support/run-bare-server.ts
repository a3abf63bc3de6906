import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers everything with the same JSON, as quickly as Node can, as a process of its own; prints its URL as one line of JSON. */
const answer = JSON.stringify({ connectors: Array.from({ length: 10 }, (_, id) => ({ id, name: "one" })) });
const server = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(answer);
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
process.once("SIGTERM", () => {
  server.closeAllConnections();
  server.close();
});
