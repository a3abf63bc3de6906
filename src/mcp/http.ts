import { createMcpHandler } from "@modelcontextprotocol/server";
import { type McpServerOptions, mcpServer } from "./mcp-server.ts";

/** Answers one HTTP request, whose body is parsed already, with a server of its own. */
export async function answerHttp(
  request: Request,
  body: unknown,
  options: McpServerOptions,
): Promise<Response> {
  const { fetch } = createMcpHandler(() => mcpServer(options), {
    // There are no changes to subscribe to, and a stream would outlast its request.
    maxSubscriptions: 0,
  });
  return fetch(request, { parsedBody: body });
}
