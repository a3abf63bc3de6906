import type { Readable, Writable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { type McpServerOptions, mcpServer } from "./mcp-server.ts";

export interface StdioOptions extends McpServerOptions {
  input: Readable;
  output: Writable;
  /** Ends the connection when it aborts. */
  signal: AbortSignal;
  /** Told of what is no protocol. */
  onBrokenMessage(problem: string): void;
}

/** Serves one client until it closes its end, or the signal aborts. */
export async function answerStdio({
  input,
  output,
  signal,
  onBrokenMessage,
  ...options
}: StdioOptions): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const transport = new StdioServerTransport(input, output);
  const { close } = serveStdio(() => mcpServer(options), {
    transport,
    onerror: ({ message }) => onBrokenMessage(message),
  });
  const end = () => ended.resolve();
  // It closes itself at a message that is too long.
  const closed = transport.onclose;
  transport.onclose = () => {
    closed?.();
    end();
  };
  input.once("end", end).once("close", end).once("error", end);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  await ended.promise;
  await close();
}
