import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import * as z from "zod";
import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import { version } from "../version.ts";
import { type Tool, type ToolContext, validInput } from "./tool.ts";
import { ask } from "./tools/ask.ts";
import { entity } from "./tools/entity.ts";
import { fetch } from "./tools/fetch.ts";
import { forget } from "./tools/forget.ts";
import { search } from "./tools/search.ts";
import { status } from "./tools/status.ts";
import { syncNow } from "./tools/sync-now.ts";
import { timeline } from "./tools/timeline.ts";

/** Every tool, in the order in which a model reads them. */
export const tools: readonly Tool[] = [search, fetch, timeline, entity, ask, status, syncNow, forget];

const instructions =
  "Memories of a person: what was said and seen, with time and place, and a knowledge graph made of them. Start with `ask` for a question, " +
  "`search` for words, times, places and people, `timeline` for an overview. Every memory has an `id` for `fetch` and, where known, a " +
  "`link` for people. Where something was left out, the result says so and how to go on.";

export interface McpServerOptions {
  /** The caller may change something. Otherwise tools that do are neither shown nor run. */
  mayWrite: boolean;
  /** How a caller that may not is allowed to. */
  writeHint: string;
  /** The context of one call, until its signal aborts. */
  contextOf(signal: AbortSignal): ToolContext | Promise<ToolContext>;
  /** Told of an error that is no caller's fault. */
  onInternalError(error: ConnectorError): void;
}

/** A server for one connection or one request. It keeps nothing between calls, and answers clients of every revision. */
export function mcpServer({ mayWrite, writeHint, contextOf, onInternalError }: McpServerOptions): Server {
  const server = new Server(
    { name: "memory-connector", title: "memory-connector", version },
    { capabilities: { tools: {} }, instructions },
  );
  const offered = tools.filter(({ access }) => access !== "admin" || mayWrite);
  server.setRequestHandler("tools/list", async () => ({ tools: offered.map(describe) }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const called = tools.find(({ name }) => name === params.name);
    if (called === undefined) throw unknownTool(params.name, offered);
    try {
      if (!offered.includes(called))
        throw new ConnectorError("API_ROLE_REFUSED", refused, { hint: writeHint });
      const input = validInput(called.input, params.arguments ?? {});
      return answerOf(await called.run(await contextOf(mcpReq.signal), input));
    } catch (thrown) {
      const error = toConnectorError(thrown);
      if (error.code === "INTERNAL") onInternalError(error);
      return failureOf(error);
    }
  });
  return server;
}

const refused = "this changes something, and the caller may only read";

function describe({ name, title, description, access, isDestructive, input, output }: Tool) {
  const readOnlyHint = access !== "admin";
  return {
    ...{ name, title, description },
    inputSchema: z.toJSONSchema(input, { io: "input" }) as { type: "object" },
    outputSchema: z.toJSONSchema(output, { io: "output" }) as { type: "object" },
    annotations: {
      title,
      readOnlyHint,
      ...(!readOnlyHint && { destructiveHint: isDestructive === true, idempotentHint: true }),
      openWorldHint: false,
    },
  };
}

function answerOf(output: Record<string, unknown>) {
  return { content: [{ type: "text" as const, text: JSON.stringify(output) }], structuredContent: output };
}

/** A failure that the model reads, and may do something about. Internal errors are not disclosed. */
function failureOf({ code, message, requestHint: hint, subject }: ConnectorError) {
  const said =
    code === "INTERNAL"
      ? { code, message: "something went wrong inside the service", hint: "look into its log" }
      : { code, message, hint, ...(subject !== undefined && { subject }) };
  return { content: [{ type: "text" as const, text: JSON.stringify({ error: said }) }], isError: true };
}

function unknownTool(name: string, offered: readonly Tool[]): ProtocolError {
  const names = offered.map((each) => each.name).join(", ");
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `there is no tool ${JSON.stringify(name.slice(0, 100))}; there are: ${names}`,
  );
}
