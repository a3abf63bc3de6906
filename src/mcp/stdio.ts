import { type Readable, Transform, type Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { type McpServerOptions, mcpServer } from "./mcp-server.ts";

export interface StdioOptions extends McpServerOptions {
  input: Readable;
  output: Writable;
  /** Ends the connection when it aborts. */
  signal: AbortSignal;
  /** Told of what is no protocol. */
  onBrokenMessage(problem: string): void;
}

/** Serves one client until it has closed its end and has its answers, until it breaks off, or until the signal aborts. */
export async function answerStdio({
  input,
  output,
  signal,
  onBrokenMessage,
  ...options
}: StdioOptions): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const open = new OpenRequests();
  // The transport closes itself when its input ends, and what is asked for by then would be lost.
  const held: Transform = new Transform({
    transform: (chunk, _, done) => done(null, chunk),
    flush: async (done) => {
      while (held.readableLength > 0) await setImmediate();
      await open.answered();
      done();
    },
  });
  const transport = new StdioServerTransport(input.pipe(held), output);
  const { close } = serveStdio(() => mcpServer(options), {
    transport,
    onerror: (error) => onBrokenMessage(problemOf(error)),
  });
  open.watch(transport);
  const end = () => ended.resolve();
  // It closes itself at a message that is too long.
  const closed = transport.onclose;
  transport.onclose = () => {
    closed?.();
    end();
  };
  input.once("error", end).once("close", () => input.readableEnded || end());
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  await ended.promise;
  await close();
}

/** The requests of a client that wait for their answers. */
class OpenRequests {
  readonly #ids = new Set<unknown>();
  #none: (() => void) | undefined;

  /** To be called when the server has the transport. */
  watch(transport: StdioServerTransport): void {
    const { onmessage } = transport;
    const send = transport.send.bind(transport);
    transport.onmessage = (message) => {
      if ("method" in message && "id" in message) this.#ids.add(message.id);
      if ("method" in message && message.method === "notifications/cancelled")
        this.#remove(message.params?.requestId);
      onmessage?.(message);
    };
    transport.send = async (message) => {
      await send(message);
      if (!("method" in message)) this.#remove(message.id);
    };
  }

  answered(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ids.size === 0) resolve();
      else this.#none = resolve;
    });
  }

  #remove(id: unknown): void {
    this.#ids.delete(id);
    if (this.#ids.size === 0) this.#none?.();
  }
}

/** What the library says of a message that fits none of its schemas is made for programs. */
function problemOf({ name, message }: Error): string {
  if (name !== "ZodError" && !message.startsWith("[")) return message;
  const reason = "a line of standard input is no message of the Model Context Protocol";
  const hint = "each line is one JSON-RPC 2.0 message, such as an MCP client writes";
  return new ConnectorError("API_REQUEST_INVALID", reason, { hint }).format();
}
