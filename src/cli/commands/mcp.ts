import { Writable } from "node:stream";
import { Option } from "commander";
import * as z from "zod";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import type { CommandContext, CommandSpec } from "../command.ts";
import { serviceOptions } from "../service-address.ts";

export const mcpCommand: CommandSpec = {
  name: "mcp",
  summary:
    "Give language models tools over the memories (Model Context Protocol, on standard input and output)",
  details:
    "A client such as an assistant or an editor starts it and ends it. Each call goes to the running service of this state, or of --url, and without " +
    "one to the state itself. Tools only read; --allow-writes adds `sync_now` and `forget`, as far as the key may. A running service offers the " +
    "same tools at /mcp. Standard output has the protocol only.",
  options: [...serviceOptions(), new Option("--allow-writes", "offer the tools that change something, too")],
  examples: [
    "mcp --config /etc/memory-connector/config.yaml",
    "mcp --url https://memories.example.org --key KEY",
  ],
  json: z.strictObject({ ended: z.literal(true) }),
  run: async (input, context) => {
    const { io } = context;
    // Loaded only here: the other commands start without it.
    const [{ answerStdio }, { callAnywhere }] = await Promise.all([
      import("../../mcp/stdio.ts"),
      import("../mcp-calls.ts"),
    ]);
    // What is wrong with the configuration is said before a client waits for an answer.
    await callAnywhere(input, context);
    const say = (line: string) => io.writeErr(`${printable(line)}\n`);
    await answerStdio({
      input: io.stdin,
      output: new Writable({ write: (chunk, _, done) => done(void io.writeOut(String(chunk))) }),
      signal: AbortSignal.any([io.signal, io.readerGone]),
      mayWrite: input.options.allowWrites === true,
      writeHint: "whoever sets this server up allows changes when it is started",
      contextOf: (signal) => callAnywhere(input, during(context, signal)),
      onInternalError: (error: ConnectorError) => say(error.format()),
      onBrokenMessage: say,
    });
    io.stdin.destroy();
    return { json: { ended: true }, text: "" };
  },
};

/** The same place, for work that ends with one call. */
function during({ io, asJson }: CommandContext, signal: AbortSignal): CommandContext {
  return { asJson, io: Object.assign(Object.create(io), { signal: AbortSignal.any([io.signal, signal]) }) };
}
