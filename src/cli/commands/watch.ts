import * as z from "zod";
import { isAbort } from "../../kernel/errors/connector-error.ts";
import { readableMoment } from "../../kernel/util/readable.ts";
import { safeAddress } from "../../kernel/util/url.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";
import { printNow } from "../lay-out.ts";
import { connectorOption } from "../options.ts";
import { serviceAddress, serviceOptions } from "../service-address.ts";
import { followService } from "../service-client.ts";

interface WatchedEvent {
  type?: string;
  at?: string;
  connectorId?: string | null;
  data?: Readonly<Record<string, unknown>>;
  reason?: string;
}

const widestType = "schedule:run-failed".length;

/** The fields of an event that fit into a line, if present. */
const shownFields = [
  "runId",
  "phase",
  "done",
  "total",
  "secondsLeft",
  "memoryId",
  "outcome",
  "change",
  "message",
];

export const watchCommand: CommandSpec = {
  name: "watch",
  summary: "Show what a running service does, as it happens",
  details: "One line an event, until Ctrl-C. With --json each line is the event as the API sends it.",
  options: [...serviceOptions(), connectorOption("only this connector")],
  examples: ["watch", "watch --connector-id personal-memories --json"],
  json: z
    .strictObject({ events: z.int() })
    .describe("the last line, after the events, which are a line each"),
  run: async (input, context) => {
    const events = await watch(input, context);
    return { json: { events }, text: "" };
  },
};

async function watch(input: CommandInput, context: CommandContext): Promise<number> {
  const { io, asJson } = context;
  const id = input.options.connectorId;
  const path = id === undefined ? "/events" : `/events?connector=${encodeURIComponent(String(id))}`;
  // Its output is its only effect.
  const signal = AbortSignal.any([io.signal, io.readerGone]);
  const address = await serviceAddress(input, context);
  const sayWhere = () => {
    if (!asJson) io.writeErr(`watching ${safeAddress(address.url)}, until Ctrl-C\n`);
  };
  let events = 0;
  try {
    for await (const json of followService(address, path, signal, sayWhere)) {
      events += 1;
      if (asJson) io.writeOut(`${json}\n`);
      else printNow(io, lineOf(JSON.parse(json)));
    }
  } catch (thrown) {
    // Ctrl-C is the normal end of this command.
    if (!(signal.aborted || isAbort(thrown))) throw thrown;
  }
  return events;
}

/** The last event of a stream ended by the service has a reason only. */
function lineOf({ type = "dropped", at, connectorId, data = {}, reason }: WatchedEvent): string {
  const shown = shownFields.filter((field) => data[field] !== undefined && data[field] !== null);
  const error = data.error as { code?: string; message?: string } | undefined;
  const parts = [
    readableMoment(at === undefined ? Date.now() : Date.parse(at)),
    type.padEnd(widestType),
    connectorId ?? "-",
    ...shown.map((field) => `${field}=${String(data[field])}`),
    ...(error === undefined ? [] : [`${error.code}: ${error.message}`]),
    ...(reason === undefined ? [] : [reason]),
  ];
  return parts.join("  ");
}
